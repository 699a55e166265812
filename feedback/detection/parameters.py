"""Every number the methods rest on, frozen: changing one is a new version of the method that uses it.

Points are points on 0–10. Figures with a source name it; those marked *simulated* were fitted once to this project's
own simulated worlds (`benchmarks/freeze`), never to a clinic's data; the rest are plain choices and say so.
"""

from dataclasses import dataclass

DEPENDABILITY = 0.77
"""Share of the variance of one form's score that is the case's own, one session (published)."""

ONSET = 0.05
"""Share of therapy sessions in which a rupture begins: 9 % of sessions hold one (published), about half of them new."""

START_MEAN = 8.7
"""Usual score where nothing is known yet: Session Rating Scale totals lie near 35 of 40 (Duncan et al. 2003)."""

CASE_VARIANCE = 1.6
"""Variance between cases, points². With `SESSION_VARIANCE` it gives one-session dependability .77 (published)."""

SESSION_VARIANCE = 0.36
"""Variance of one case from meeting to meeting beside slow change, points²; see `CASE_VARIANCE`."""

ITEM_VARIANCE = 0.55
"""Variance of one item around its form's mean, points², rounding included. *Simulated.*"""

WALK_VARIANCE = 0.05
"""Slow change of a case per meeting, points²; retest .54–.70 over weeks (published) leaves about this much."""

BAND_Z = 1.2816
"""A normal distribution has its central 80 % within this many standard deviations."""

BAND_FROM_FORMS = 2
"""The person's own usual range is drawn from the third form: two must have come before."""

DIRECT_RATIO = (0.55, 2.2, 5.5, 20.0)
"""How much likelier each answer (no, not sure, a little, yes) is in a rupture than outside. *Simulated*; rests on
72.6 % of clients having held something back (published), so that "no" says little."""

CLOSEST_TO = {
    "held_back": "even",
    "misunderstood": "bond",
    "judged": "bond",
    "slipped": "bond",
    "pushed": "aims",
    "other_topic": "aims",
    "disagreed": "aims",
    "background": "identity",
}
"""Which group of items an answer to *What was it closest to?* speaks of, in the built-in form. A choice of meaning."""

CLOSEST_MATCH = 3.0
CLOSEST_OTHER = 1.3
"""How much likelier such an answer is in a rupture of its own group, and of any other, than when all was well.
*Simulated*, and careful: whoever names a strain mostly means one (decision 0019)."""

SOMETHING_ELSE = "something_else"
CLOSEST_TO_NONE = 0.2
"""The same where it was closest to none of the strains asked about. It never counts for less than a plain *no*."""

LIKELY_FROM = 0.5
"""From this probability on a flag reads *likely* rather than *worth asking*: more often right than wrong."""


@dataclass(frozen=True, slots=True)
class Switching:
    """The two-state filter: grid, dynamics and what a rupture does to the ratings."""

    lowest: float = 3.0
    highest: float = 14.0
    step: float = 0.2
    start_mean: float = 9.1
    start_sd: float = 1.6
    growth: float = 0.25
    growth_at_mean: float = 1.4
    walk_variance: float = 0.06
    jump: float = 1e-4
    wobble_sd: float = 0.6
    item_sd: float = 0.85
    onset: float = ONSET
    stay: float = 0.30
    depths: tuple[float, ...] = (0.8, 1.4, 2.2, 3.4)
    depth_weights: tuple[float, ...] = (0.25, 0.35, 0.27, 0.13)
    even_shares: tuple[float, ...] = (0.35, 1.0)
    even_weights: tuple[float, ...] = (0.33, 0.07)
    struck_share: float = 1.1
    alone_share: float = 0.6
    outside_share: float = 0.35
    group_patterns: int = 3


SWITCHING = Switching()

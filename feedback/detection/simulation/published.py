"""The figures the simulated worlds are built from, each with its source; what no paper gives is called a choice.

No open data set of session-by-session alliance ratings from people was found: these worlds stand in for one, and
what follows from the choices is no evidence about people.
"""

RUPTURE_CASES = 0.29
"""Share of clients with at least one rupture: 29 % of 12,711 clients, control-chart rule on session ratings."""

RUPTURE_SESSIONS = 0.09
"""Share of therapy sessions in a rupture by the same rule, the same study."""

REPAIRED = 0.147
NOT_REPAIRED = 0.107
"""Session Alliance Inventory, N = 605: 14.7 % ruptures repaired, 10.7 % not, 74.5 % of clients without one."""

DEPENDABILITY = 0.77
"""One-session dependability of session alliance ratings: the case's own share of one form's variance."""

RETEST = (0.54, 0.70)
"""Retest correlations over weeks: less than the dependability, so the level itself moves."""

THERAPIST_SHARE = 0.05
"""Therapists hold 3–10 % of the variance of alliance ratings; 5 % taken."""

TOP_SHARE = 0.27
"""Share of forms with every answer at the top. Ceilings are moderate to large in 92 estimates from 37 studies."""

HELD_BACK = 0.726
"""72.6 % of 547 clients have lied to their therapist about a therapy topic."""

DROPOUT = 0.197
"""19.7 % of 83,834 clients end early (meta-analysis of 669 studies)."""

MEDIAN_SESSIONS = 7.5
"""Median treatments in routine care have 7–8 therapy sessions."""

MEDIAN_PLANNED = 8.7
"""Median planned length: after early endings it leaves `MEDIAN_SESSIONS`."""

MISSING = 0.28
"""Share of therapy sessions after which no form comes back, in clinics that ask after each one. A choice."""

ONSET = 0.041
"""Per therapy session; with about eight of them it gives `RUPTURE_CASES`: 1 − (1 − .041)⁸ = .28."""

LASTS = 0.6
"""A rupture that will be repaired is still there in the next session. Most last one. A choice, from
`RUPTURE_SESSIONS` / `ONSET` ≈ 2 sessions each."""

LASTS_UNREPAIRED = 0.75
"""The same for one that will not be repaired, before it counts as old. A choice, as above."""

LEVEL_SD = 1.45
"""Spread of cases around the clinic's mean, points on 0–10, before the ceiling cuts it. A choice that yields
`DEPENDABILITY` after the ceiling."""

GROWTH = 0.25
"""Points per unit of log(session): alliance grows early and then levels off. A choice from growth-curve papers."""

WALK_SD = 0.22
WOBBLE_SD = 0.85
WOBBLE_MEMORY = 0.2
"""Slow change per session, one session's own wobble and its carry-over: set to meet `DEPENDABILITY` and `RETEST`."""

WITHIN_SD = 0.95
"""Standard deviation of a form's mean within a case, the unit of rupture depth: the three above and the
noise of the items."""

ITEM_OFFSET_SD = 0.4
ITEM_NOISE_SD = 0.65
"""A person's lasting leaning on one item, and one answer's own noise, points. Choices that give the internal
consistency of short alliance forms, about .9."""

DEPTH_MEDIAN = 1.9
DEPTH_LOG_SD = 0.45
"""Depth of a rupture in `WITHIN_SD`: control-chart rules find those of 2 and more, clients report smaller ones too."""

KINDS = {"withdrawal": 0.40, "task": 0.28, "bond": 0.24, "identity": 0.08}
"""Withdrawal is the commonest kind seen by observers; the split of the rest is a choice."""

SAYS_SO = 0.48
"""Share that answers anything but *no* to the direct question in a rupture. A choice between 1 − `HELD_BACK` = .27 and
the half that tell a researcher."""

SAID_HOW_SHALLOW = (0.18, 0.64, 0.18)
SAID_HOW_DEEP = (0.18, 0.16, 0.66)
"""Of those who say so: not sure, a little, yes; the deeper the rupture the clearer. A choice."""

DEEP = 2.0
"""The depth, in `WITHIN_SD`, at which the two rows above count alike. A choice: about the median."""

SAID_FOR_NOTHING = (0.039, 0.037, 0.008)
"""Not sure, a little, yes when nothing was the matter. A choice: one form in twelve."""

AFTERMATH_SAYS = 0.7
"""After a rupture the direct answer still speaks of it, this much as often. A choice."""

ASTRAY = 0.2
"""Share of answers to *What was it closest to?* that fit nothing, ticked as they come. A choice."""

WISHES = {"bring_up": 0.45, "i_will": 0.20, "just_know": 0.35}
"""What the client wants done. A choice."""

SILENT_ODDS = 1.7
"""In a rupture the odds of no form are this much higher. A choice: silence is information, never a flag."""

LEAVES = 0.12
"""In an unrepaired rupture, the share that ends therapy at each session. A choice consistent with `DROPOUT`."""

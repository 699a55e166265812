"""From a release to what its page shows: by section a chart and a table of the same figures."""

from dataclasses import dataclass

from feedback.domain.figures import measures
from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Release, Unit
from feedback.exporters.codebook import short_label
from feedback.web.clinic import release_wording as wording
from feedback.web.clinic.release_charts import (
    NARROW,
    WIDE,
    RowChart,
    Shown,
    lay_out_rows,
)


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one family: heading, a sentence, the chart twice (for wide and narrow screens), and the figures."""

    id: str
    heading: str
    sentence: str
    wide: RowChart
    narrow: RowChart
    figures: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's two counts, and the share of the first in words."""

    unit: Unit
    flagged: Figure
    not_flagged: Figure
    share: str


_SECTIONS = (
    (
        "answers",
        "From codes to answers",
        (measures.CODES, measures.NOT_FLAGGED, measures.FLAGGED),
        "Codes handed out, and clients who shared an answer with their therapist: each counts once.",
        "Codes handed out, and answers shared with a therapist.",
    ),
    (
        "felt",
        "How sessions felt",
        (measures.MEAN_SCORE, "mean"),
        "Averages over clients, from 0 to 10: each client’s own average counts once.",
        "Averages of all answers, from 0 to 10.",
    ),
    (
        "off",
        "Did anything feel off?",
        ("off",),
        "Clients by the clearest answer they gave in these three months when asked straight out.",
        "What clients said when asked straight out.",
    ),
    (
        "repair",
        "After a possible rupture",
        ("repair",),
        "Clients with one, by where it stood when the period was closed; of several, by the one that is least done.",
        "Where each of them stood when the period was closed.",
    ),
    (
        "contested",
        "Answers that could not be counted",
        (measures.CONTESTED,),
        "Clients for whom different answers to one session were sent unseen: none counts. If many: who had the links?",
        "",
    ),
)
"""Each with its id, heading, the families of its measures in the order in which they are shown, and a sentence: where
clients are counted, and where answers were."""


def sections(release: Release) -> tuple[Section, ...]:
    """Return the clinic's own figures, family by family, in the order in which they answer a question."""
    mine = [figure for figure in release.figures if figure.unit.id == release.clinic_id]
    made = []
    for name, heading, families, by_clients, by_answers in _SECTIONS:
        figures = [figure for family in families for figure in mine if measures.family(figure.measure) == family]
        if figures:
            sentence = by_clients if release.rule.counts_clients else by_answers
            made.append(_section(name, heading, sentence, figures))
    return tuple(made)


def team_rows(release: Release) -> tuple[TeamRow, ...]:
    """Return the teams in alphabetical order: in no other, so that nothing reads as a ranking."""
    rows = []
    for unit in sorted(release.teams, key=lambda unit: unit.name.casefold()):
        figures = {measures.topic(figure.measure): figure for figure in release.of(LatticeLevel.L2, unit)}
        flagged, rest = figures[measures.FLAGGED], figures[measures.NOT_FLAGGED]
        rows.append(TeamRow(unit, flagged, rest, wording.share(flagged, rest)))
    return tuple(rows)


def clinic_share(release: Release) -> str:
    """Say the clinic's own share of answers with a possible rupture; nothing where it cannot be said."""
    mine = own_figures(release)
    flagged, rest = mine.get(measures.FLAGGED), mine.get(measures.NOT_FLAGGED)
    return wording.share(flagged, rest) if flagged and rest else ""


def own_figures(release: Release) -> dict[str, Figure]:
    """Return the clinic's own figures by what they are about, be it by clients or by answers."""
    return {measures.topic(figure.measure): figure for figure in release.figures if figure.unit.id == release.clinic_id}


def shown_as(name: str, figure: Figure | None) -> Shown:
    """Return a figure ready to be drawn; what was never published reads as not shown."""
    if figure is None:
        return Shown(name, None, None, None, FigureStatus.GATED.words)
    is_exact = figure.lower95 == figure.upper95
    low, high = (None, None) if is_exact else (figure.lower95, figure.upper95)
    return Shown(name, figure.value, low, high, wording.said(figure))


def _section(name: str, heading: str, sentence: str, figures: list[Figure]) -> Section:
    shown = [shown_as(short_label(figure.measure), figure) for figure in figures]
    as_dots = all(measures.is_mean(figure.measure) for figure in figures)
    top = 10.0 if as_dots else 0
    return Section(
        id=name,
        heading=heading,
        sentence=sentence,
        wide=lay_out_rows(shown, WIDE, top=top, as_dots=as_dots),
        narrow=lay_out_rows(shown, NARROW, top=top, as_dots=as_dots),
        figures=tuple((short_label(figure.measure), figure) for figure in figures),
    )

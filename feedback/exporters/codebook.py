"""What the columns and codes of an export mean, once for every format that can carry it."""

from dataclasses import dataclass
from functools import cache

from feedback import instruments
from feedback.domain.figures import measures
from feedback.domain.figures.release import FigureStatus, Release
from feedback.domain.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, type (`string` or `number`), what it holds, and its codes where there are few."""

    name: str
    type: str
    words: str
    codes: tuple[str, ...] = ()


COLUMNS = (
    Column("period", "string", "Month as 2026-09 or quarter as 2026-Q3, in the clinic's own zone."),
    Column("unit_type", "string", "Whom the figure is about.", ("clinic", "team")),
    Column("unit", "string", "Name of the clinic or team when the period was closed."),
    Column("measure", "string", "What is counted or averaged; see the codes of measures."),
    Column("value", "number", "The figure. Counts are multiples of the rounding, codes handed out exact, means 0-10."),
    Column("status", "string", "Whether there is a value, and if not, why.", tuple(FigureStatus)),
    Column("lower95", "number", "Lower end of the error bar: before noise and rounding, in 95 of 100 cases."),
    Column("upper95", "number", "Upper end of the error bar."),
    Column("rule_version", "string", "Rule and version by which figures were protected."),
    Column("unit_id", "string", "What the unit is known by, whatever it is called later."),
    Column("label", "string", "The measure in words."),
)

STATUSES = {
    FigureStatus.RELEASED: "There is a value.",
    FigureStatus.FLOOR: "Fewer than 10 after noise was added. Not zero, and not necessarily nine.",
    FigureStatus.MERGED: "The team is too small. What it did counts in the figures of the whole clinic only.",
    FigureStatus.GATED: "The clinic is too small, or one therapist has more than half of its cases: no figure is made.",
}


BELOW_THE_FLOOR = "Below 10 after noise was added: only the interval from lower95 to upper95 is given."


def statuses(release: Release) -> dict[FigureStatus, str]:
    """Return what each status means in a release: of a low count, files by clients give the interval."""
    return STATUSES | ({FigureStatus.FLOOR: BELOW_THE_FLOOR} if release.rule.counts_clients else {})


def label(measure: str) -> str:
    """Say in words what a measure is. Items of a clinic's own questionnaires are named by their ids."""
    if measure in measures.WORDS:
        return measures.WORDS[measure]
    family, member, whose = measures.family(measure), measures.member(measure), measures.by_clients(measure)
    if family == "mean":
        name = _item_name(*member.split(":", 1))
        return f"Average {'over clients ' if whose else ''}of “{name}”, 0 to 10"
    if family != "off":
        return measure
    name = _option_name(member)
    return f"Clients whose clearest answer to what felt off was: {name}" if whose else f"Felt off: {name}"


def short_label(measure: str) -> str:
    """Say a measure within a section whose heading says the rest: `felt understood`, `Not sure`."""
    family, member = measures.family(measure), measures.member(measure)
    if measure in _SHORT:
        return _SHORT[measure]
    if family == "mean":
        return _item_name(*member.split(":", 1)).capitalize()
    if family == "off":
        return _option_name(member)
    return label(measure).removeprefix("Clients: ").capitalize()


_SHORT = {
    measures.MEAN_SCORE: "All answers together",
    measures.FLAGGED: "Answers with a possible rupture",
    measures.NOT_FLAGGED: "Answers without one",
    "off:unanswered": "Left open",
    measures.CLIENTS_MEAN_SCORE: "All answers together",
    measures.CLIENTS_NOT_FLAGGED: "Clients without one",
    measures.CLIENTS_CONTESTED: "Contested answers",
    "clients_off:unanswered": "Left open",
    "clients_repair:settled": "All settled",
    "clients_repair:ended_while_open": "Ended while open",
}


def described(release: Release) -> dict[str, str]:
    """Return the measures of a release with their words, in their published order."""
    return {figure.measure: label(figure.measure) for figure in release.figures}


def _item_name(instrument_id: str, item_id: str) -> str:
    found = _shipped(instrument_id)
    item = found.by_id.get(item_id) if found else None
    return item.named if item else f"{item_id} ({instrument_id})"


def _option_name(value: str) -> str:
    found = _shipped("rapport-session")
    direct = found.by_id[found.detector.direct_item] if found and found.detector.direct_item else None
    options = {option.value: option.label for option in direct.options} if direct else {}
    return options.get(value, value)


@cache
def _shipped(instrument_id: str) -> Instrument | None:
    return instruments.load(instrument_id) if (instrument_id, "en") in instruments.known() else None

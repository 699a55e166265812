"""The small chart of a dashboard's flag, straight from rows to what an SVG draws: many stand on one page.

The same strokes as `charts.sketch` gives in its smallest frame, and a sixth of the work: no object for each point.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from feedback.persistence.dashboard.overview import MeetingRow
from feedback.web.therapist.charts import SMALL, TOP, across

WIDTH, HEIGHT = SMALL.width, SMALL.height
_FLOOR = SMALL.floor
_RISE = (_FLOOR - SMALL.top) / TOP
_HALF = 6
"""Half of a diamond, in pixels."""


@dataclass(frozen=True, slots=True)
class Spark:
    """What is drawn: the usual range, lines between neighbours and over gaps, and diamonds, as points or paths.

    `latest` is the last of the diamonds, `past` are those before it. `dot` stands for a single answer, else empty.
    """

    band: str
    line: str
    gap: str
    past: str
    latest: str
    dot: tuple[str, ...]


def draw(rows: Sequence[MeetingRow]) -> Spark:
    """Draw a course, oldest first."""
    places = _places(len(rows))
    answered = [(at, places[at], _height(row.score)) for at, row in enumerate(rows) if row.score is not None]
    line: list[str] = []
    gap: list[str] = []
    for (left, x, y), (right, to_x, to_y) in pairwise(answered):
        (line if right - left == 1 else gap).append(f"M{x} {y:g}L{to_x} {to_y:g}")
    diamonds = [
        f"M{x} {y - _HALF:g}l{_HALF} {_HALF}-{_HALF} {_HALF}-{_HALF}-{_HALF}z"
        for at, x, y in answered
        if rows[at].flagged
    ]
    lone = () if len(answered) != 1 or diamonds else (answered[0][1], f"{answered[0][2]:g}")
    return Spark(
        band=_band(rows, places),
        line="".join(line),
        gap="".join(gap),
        past="".join(diamonds[:-1]),
        latest="".join(diamonds[-1:]),
        dot=lone,
    )


def _band(rows: Sequence[MeetingRow], places: Sequence[str]) -> str:
    """Return the corners of the usual range where it is known, above from the left, below from the right."""
    known = [
        (places[at], row.expected_low, row.expected_high)
        for at, row in enumerate(rows)
        if row.expected_low is not None and row.expected_high is not None
    ]
    if len(known) < 2:
        return ""
    upper = _corners((x, high) for x, _, high in known)
    return f"{upper} {_corners((x, low) for x, low, _ in reversed(known))}"


def _corners(of: Iterable[tuple[str, float]]) -> str:
    return " ".join(f"{x},{_height(value):g}" for x, value in of)


def _height(value: float) -> float:
    return round(_FLOOR - value * _RISE, 1)


@cache
def _places(count: int) -> tuple[str, ...]:
    return tuple(f"{x:g}" for x in across(count, SMALL))

"""Where everything in a chart stands: pure geometry, no drawing.

Rules: the axis is always 0 to 10, with lines at 0, 5 and 10 only. The band is this person's own usual range, from the
third form on. A circle is an answered session, a diamond a possible rupture, a dotted line leads over what was not
answered (never drawn as zero), a tick on the axis marks a talk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

TOP = 10.0


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One therapy session. `score` and the range are on 0–10, None where there is none."""

    label: str
    score: float | None
    low: float | None = None
    high: float | None = None
    flagged: bool = False
    talk: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and its margins, in pixels of the drawing itself."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int

    @property
    def floor(self) -> int:
        """Return the height at which 0 stands."""
        return self.height - self.bottom


WIDE = Frame(720, 280, left=34, right=14, top=16, bottom=34)
NARROW = Frame(350, 250, left=34, right=14, top=16, bottom=34)
ITEM = Frame(216, 92, left=28, right=28, top=12, bottom=14)
SMALL = Frame(152, 60, left=6, right=8, top=6, bottom=6)
NARROW_SESSIONS = 10
TICK_HEIGHT = 22
"""Pixels a tick rises from the axis: talks stand there, whether or not their session was answered."""

BAND_NAME = "usual range"

NAME_HALF = 38
"""Half of that name at 13 px."""

TALK_ROOM = 44
"""Pixels over the axis in which talks are marked and named."""

NAME_ROOM = 64
"""Half of "usual range" and half of a value at 13 px, with room between."""

WORD_ROOM = 34
"""Pixels a value or a word needs for itself; where there is less, the newest is written and the others are not."""

LABEL_ROOM = 26
"""Pixels between two labels under the axis."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape or a word at a place."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke between two answered sessions, dotted when sessions between them were not answered."""

    start: Mark
    end: Mark
    dotted: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template has to draw."""

    frame: Frame
    grid: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    band: str
    band_label: Mark | None
    lines: tuple[Line, ...]
    dots: tuple[Mark, ...]
    diamonds: tuple[Mark, ...]
    values: tuple[Mark, ...]
    ticks: tuple[Mark, ...]

    @property
    def line(self) -> str:
        """Return the strokes between neighbours as one path."""
        return _path(line for line in self.lines if not line.dotted)

    @property
    def gap(self) -> str:
        """Return the strokes over what was not answered as one path."""
        return _path(line for line in self.lines if line.dotted)


def _path(lines: Iterable[Line]) -> str:
    return "".join(f"M{one.start.x:g} {one.start.y:g}L{one.end.x:g} {one.end.y:g}" for one in lines)


def lay_out(points: Sequence[ChartPoint], frame: Frame) -> Chart:
    """Place a trajectory's points, oldest first, in a frame: its strokes, and the words and figures beside them."""
    drawn, places = sketch(points, frame), across(len(points), frame)
    return replace(
        drawn,
        grid=tuple(Mark(frame.left, _height(value, frame), f"{value:g}") for value in (0.0, 5.0, TOP)),
        labels=_labels(points, places, frame),
        band_label=_band_label(points, places, _known(points), drawn.lines, frame),
        values=_uncrowded(_value(mark, frame) for mark in drawn.diamonds),
        ticks=_ticks(points, places, frame),
    )


def sketch(points: Sequence[ChartPoint], frame: Frame) -> Chart:
    """Place the strokes and shapes alone, without a word beside them."""
    places = across(len(points), frame)
    answered, known = _answered(points, places, frame), _known(points)
    return Chart(
        frame=frame,
        grid=(),
        labels=(),
        band=_polygon(points, places, known, frame) if len(known) > 1 else "",
        band_label=None,
        lines=tuple(Line(one, two, dotted=right - left > 1) for (left, one), (right, two) in pairwise(answered)),
        dots=tuple(mark for at, mark in answered if not points[at].flagged),
        diamonds=tuple(mark for at, mark in answered if points[at].flagged),
        values=(),
        ticks=(),
    )


def _answered(points: Sequence[ChartPoint], places: Sequence[float], frame: Frame) -> list[tuple[int, Mark]]:
    return [
        (at, Mark(places[at], _height(point.score, frame), f"{point.score:.1f}"))
        for at, point in enumerate(points)
        if point.score is not None
    ]


def across(count: int, frame: Frame) -> list[float]:
    """Spread the sessions evenly; a single one stands in the middle."""
    room = frame.width - frame.left - frame.right
    if count == 1:
        return [frame.left + room / 2]
    return [round(frame.left + room * at / (count - 1), 1) for at in range(count)]


def _height(value: float, frame: Frame) -> float:
    return round(frame.floor - value / TOP * (frame.floor - frame.top), 1)


def _labels(points: Sequence[ChartPoint], places: Sequence[float], frame: Frame) -> tuple[Mark, ...]:
    """Name as many sessions as have room, the newest always."""
    if not points:
        return ()
    gap = places[1] - places[0] if len(places) > 1 else LABEL_ROOM
    every = max(1, -(-LABEL_ROOM // max(1, int(gap))))
    last = len(points) - 1
    return tuple(
        Mark(places[at], frame.floor + 24, point.label) for at, point in enumerate(points) if (last - at) % every == 0
    )


def _value(mark: Mark, frame: Frame) -> Mark:
    """Write a diamond's value under it, or above it near the floor, and never over the edge."""
    below = mark.y + 26 <= frame.floor - 6
    return Mark(min(mark.x, frame.width - 12), round(mark.y + 26 if below else mark.y - 14, 1), mark.text)


def _uncrowded(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Keep the words that have room, the newest first."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: -mark.x):
        if not kept or kept[-1].x - mark.x >= WORD_ROOM:
            kept.append(mark)
    return tuple(reversed(kept))


def _ticks(points: Sequence[ChartPoint], places: Sequence[float], frame: Frame) -> tuple[Mark, ...]:
    ticks = [Mark(places[at], frame.floor - TICK_HEIGHT, "talk") for at, point in enumerate(points) if point.talk]
    named = set(_uncrowded(ticks))
    return tuple(tick if tick in named else Mark(tick.x, tick.y) for tick in ticks)


def _known(points: Sequence[ChartPoint]) -> list[int]:
    """Choose the sessions with a known range; the band runs over those between them that were not answered."""
    return [at for at, point in enumerate(points) if point.low is not None and point.high is not None]


def _polygon(points: Sequence[ChartPoint], places: Sequence[float], run: Sequence[int], frame: Frame) -> str:
    upper = [(places[at], _height(points[at].high or 0.0, frame)) for at in run]
    lower = [(places[at], _height(points[at].low or 0.0, frame)) for at in reversed(run)]
    return " ".join(f"{x:g},{y:g}" for x, y in (*upper, *lower))


def _band_label(
    points: Sequence[ChartPoint], places: Sequence[float], known: Sequence[int], lines: Sequence[Line], frame: Frame
) -> Mark | None:
    """Put the band's name close under it or over it, about a third along: no line, circle or value runs through it.

    Where nothing is free it goes unnamed: the sentence above the chart names it as well.
    """
    crowded = [places[at] for at, point in enumerate(points) if point.flagged]
    free = [at for at in known if all(abs(places[at] - place) >= NAME_ROOM for place in crowded)]
    if len(known) < 2:
        return None
    under = [Mark(places[at], _height(points[at].low or 0.0, frame) + 16, BAND_NAME) for at in free]
    over = [Mark(places[at], _height(points[at].high or 0.0, frame) - 8, BAND_NAME) for at in free]
    third = places[known[len(known) // 3]]
    tried = sorted(under, key=lambda mark: abs(mark.x - third)) + sorted(over, key=lambda mark: abs(mark.x - third))
    return next((mark for mark in tried if _is_free(mark, lines, frame)), None)


def _is_free(name: Mark, lines: Sequence[Line], frame: Frame) -> bool:
    """Return whether a name of the band has room: inside the plot, over no talk, and clear of every line and circle."""
    left, right, top, bottom = name.x - NAME_HALF, name.x + NAME_HALF, name.y - 17, name.y + 9
    if left < frame.left or right > frame.width or top < frame.top or bottom > frame.floor - TALK_ROOM:
        return False
    return not any(_crosses(line, left, right, top, bottom) for line in lines)


def _crosses(line: Line, left: float, right: float, top: float, bottom: float) -> bool:
    start, end = line.start, line.end
    if end.x < left or start.x > right:
        return False
    slope = (end.y - start.y) / (end.x - start.x)
    heights = [start.y + slope * (min(max(x, start.x), end.x) - start.x) for x in (left, right)]
    return min(heights) < bottom and max(heights) > top

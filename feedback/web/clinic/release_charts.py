"""Where everything in a chart of released figures stands: pure geometry, no drawing.

Bars begin at 0. A whisker is the error bar. A figure that is not given is a hatched field with words, never a gap
and never a zero; where its interval is known, the field and a whisker reach as far as that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

ROW = 46
"""Pixels from one row to the next: a line of words, the bar, and air."""

BAR = 14
LEAST_HIGH = 3
"""Pixels of a standing field at least, so that it is seen beside columns that are very much higher."""

NARROW_COLUMNS = 6
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure to be drawn: its name, value with error bar, and the words that are read. No value: words and interval.

    Without a value `low` and `high` bound it; nothing where nothing is known.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing in its own pixels, with room for the axis at the left and labels below."""

    width: int
    height: int = 0
    left: int = 0
    bottom: int = 0
    top: int = 0


WIDE, NARROW = Frame(520), Frame(350)
WIDE_COLUMNS = Frame(720, 260, left=44, bottom=30, top=26)
NARROW_FRAME = Frame(350, 240, left=44, bottom=30, top=26)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, lying or standing: from where, how long, its whisker, and whether it is hatched for want of a value.

    `at` is the pixel across the bars' direction, `start` and `end` run along it, as do `low` and `high`.
    """

    shown: Shown
    at: float
    start: float
    end: float
    low: float | None
    high: float | None
    series: int = 0

    @property
    def is_hatched(self) -> bool:
        """True where no value is given."""
        return self.shown.value is None


@dataclass(frozen=True, slots=True)
class RowChart:
    """Bars that lie under each other. `as_dots` draws a point on a line from 0 to 10 instead of a bar from 0."""

    frame: Frame
    height: int
    bars: tuple[Bar, ...]
    as_dots: bool = False


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Bars that stand side by side, one place for each period, up to two bars in each."""

    frame: Frame
    floor: int
    bars: tuple[Bar, ...]
    bar_width: float
    grid: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]


def lay_out_rows(figures: Sequence[Shown], frame: Frame, *, top: float = 0, as_dots: bool = False) -> RowChart:
    """Lay bars under each other; `top` is where the scale ends, found from the figures unless given.

    The field of what has no value reaches no further than it may: as wide as the scale it would read as the most.
    """
    end = top or nice_top(figures)

    def along(value: float) -> float:
        return round(min(value, end) / end * frame.width, 1)

    bars = []
    for place, shown in enumerate(figures):
        most = frame.width if shown.high is None else max(BAR, along(shown.high))
        to = along(shown.value) if shown.value is not None else most
        low, high = (None if bound is None else along(bound) for bound in (shown.low, shown.high))
        bars.append(Bar(shown, place * ROW + 20, 0, to, low, high))
    return RowChart(frame, max(1, len(figures)) * ROW - (ROW - 20 - BAR) + 4, tuple(bars), as_dots)


def lay_out_columns(labels: Sequence[str], series: Sequence[Sequence[Shown]], frame: Frame) -> ColumnChart:
    """Stand bars side by side, `series` by `series` within each label's place; oldest first."""
    end, floor = nice_top([*chain(*series)]), frame.height - frame.bottom
    slot = (frame.width - frame.left) / max(1, len(labels))
    width = min(34.0, round(slot * 0.8 / len(series) - 2, 1))

    def up(value: float) -> float:
        return round(floor - min(value, end) / end * (floor - frame.top), 1)

    bars = []
    for number, row in enumerate(series):
        for place, shown in enumerate(row):
            middle = frame.left + slot * (place + 0.5) + (number - (len(series) - 1) / 2) * (width + 2)
            unknown = floor - 28 if shown.high is None else min(up(shown.high), floor - LEAST_HIGH)
            height = up(shown.value) if shown.value is not None else unknown
            low, high = (None if bound is None else up(bound) for bound in (shown.low, shown.high))
            bars.append(Bar(shown, round(middle - width / 2, 1), floor, height, low, high, number))
    return ColumnChart(
        frame=frame,
        floor=floor,
        bars=tuple(bars),
        bar_width=width,
        grid=tuple((up(value), f"{value:g}") for value in (0, end / 2, end)),
        labels=tuple((round(frame.left + slot * (place + 0.5), 1), label) for place, label in enumerate(labels)),
    )


def nice_top(figures: Iterable[Shown]) -> float:
    """Return the end of a scale that shows every bar and whisker: a round number, at least 20."""
    most = max(chain((20.0,), (max(each.value or 0, each.high or 0) for each in figures)))
    power = 1.0
    while power * 10 < most:
        power *= 10
    return next(step * power for step in _STEPS if step * power >= most)

"""From rows to charts: which sessions a drawing shows, and what is marked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback.domain.instrument import Instrument
from feedback.persistence.dashboard.flag_queries import SPARK_SESSIONS
from feedback.persistence.dashboard.overview import MeetingRow
from feedback.persistence.dashboard.own_figures import Guess
from feedback.services.cases.case_file import SeatFile
from feedback.services.flags.record_repair import TALK_STATUSES
from feedback.web.therapist import plain_words, wording
from feedback.web.therapist.charts import (
    ITEM,
    NARROW,
    NARROW_SESSIONS,
    WIDE,
    Chart,
    ChartPoint,
    Frame,
    lay_out,
)
from feedback.web.therapist.sparks import Spark, draw


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its sentence for those who do not see it."""

    chart: Chart
    sentence: str


@dataclass(frozen=True, slots=True)
class ItemPicture:
    """One item's answers over the sessions, as a small chart; `name` is what the item asks about, in short."""

    item_id: str
    name: str
    picture: Picture


def sparkline(meetings: Sequence[MeetingRow], newest: int) -> Spark:
    """Lay out the small chart of a flag: the sessions up to it."""
    numbers = [row.number for row in meetings]
    upto = meetings[: numbers.index(newest) + 1] if newest in numbers else meetings
    return draw(upto[-SPARK_SESSIONS:])


def trajectory(person: SeatFile) -> tuple[Picture, Picture]:
    """Lay out a person's chart twice: whole, and the latest ten sessions for narrow screens."""
    talks = talk_numbers(person)
    return (
        Picture(lay_out([_point(row, talks) for row in person.meetings], WIDE), wording.describe(person.meetings)),
        Picture(
            lay_out([_point(row, talks) for row in person.meetings[-NARROW_SESSIONS:]], NARROW),
            f"The last {NARROW_SESSIONS} sessions. {wording.describe(person.meetings[-NARROW_SESSIONS:])}"
            if len(person.meetings) > NARROW_SESSIONS
            else wording.describe(person.meetings),
        ),
    )


def plain_course(person: SeatFile) -> tuple[Picture, Picture]:
    """Lay out the scores alone, without range, flags or talks: to be looked at together with the client."""
    return (_plain(person.meetings, WIDE), _plain(person.meetings[-NARROW_SESSIONS:], NARROW))


def _plain(rows: Sequence[MeetingRow], frame: Frame) -> Picture:
    return Picture(
        lay_out([ChartPoint(str(row.number), row.score) for row in rows], frame), plain_words.describe_plainly(rows)
    )


def item_courses(person: SeatFile, instrument: Instrument) -> tuple[ItemPicture, ...]:
    """Lay out a small chart for each rated item, all on the same axis, so that an uneven dip shows."""
    return tuple(
        ItemPicture(item.id, wording.sentence(item.named), _item(person, item.id))
        for item in instrument.scales
        if any(item.id in given for given in person.ratings.values())
    )


def _item(person: SeatFile, item_id: str) -> Picture:
    given = [(row.number, person.ratings.get(row.number, {}).get(item_id)) for row in person.meetings]
    chart = lay_out([ChartPoint(str(number), value) for number, value in given], ITEM)
    return Picture(chart, plain_words.describe_item([(number, value) for number, value in given if value is not None]))


def guesses(rows: Sequence[Guess]) -> tuple[Picture, Picture] | None:
    """Lay out how far guess and answer were apart, oldest first, once there are two to compare."""
    if len(rows) < 2:
        return None
    apart = [ChartPoint(str(at), abs(row.guessed - row.answered)) for at, row in enumerate(rows, 1)]
    first, last = apart[0].score or 0.0, apart[-1].score or 0.0
    told = f"Distance between guess and answer, 0 to 10 points: {first:.1f} at first, {last:.1f} now. A table follows."
    return (Picture(lay_out(apart, WIDE), told), Picture(lay_out(apart[-NARROW_SESSIONS:], NARROW), told))


def talk_numbers(person: SeatFile) -> frozenset[int]:
    """Return the sessions by which a talk was held: the latest one on or before the day it was marked."""
    days = [
        story.repair.talked_on
        for story in person.stories
        if story.repair is not None and story.flag.status in TALK_STATUSES
    ]
    return frozenset(number for day in days if (number := _session_by(person.meetings, day)) is not None)


def _session_by(meetings: Sequence[MeetingRow], day: date) -> int | None:
    return next((row.number for row in reversed(meetings) if row.held_on <= day), None)


def _point(row: MeetingRow, talks: frozenset[int]) -> ChartPoint:
    return ChartPoint(
        label=str(row.number),
        score=row.score,
        low=row.expected_low,
        high=row.expected_high,
        flagged=row.flagged,
        talk=row.number in talks,
    )

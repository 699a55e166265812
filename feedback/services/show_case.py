"""One case as its therapist sees it: the trajectory, each answered form, its flags and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from feedback.domain.care import Case
from feedback.domain.instrument import Instrument
from feedback.domain.repair import ClientWord, LaterForm, RepairOutcome, repair_outcome
from feedback.domain.response import StoredResponse
from feedback.domain.rupture import Finding, FlagReview, RuptureFlag
from feedback.persistence import findings, flags, overview, responses
from feedback.persistence.database import UnitOfWork
from feedback.persistence.overview import MeetingRow
from feedback.security.keyring import Keyring
from feedback.services.comments import read_comment
from feedback.services.open_case import read_label
from feedback.services.record_repair import Repair, read_repair

USUAL_FROM = 2
"""Earlier answers to an item before its usual value is shown: from the third form on, like the range."""

RANGE_HALF_WIDTH = 1.2816
"""Half of the central 80 % of a normal distribution, in standard deviations: the usual range is that wide."""


@dataclass(frozen=True, slots=True)
class FlagStory:
    """A flag, its log, the therapist's note, and what the client's later forms say."""

    flag: RuptureFlag
    reviews: tuple[FlagReview, ...]
    repair: Repair | None
    outcome: RepairOutcome
    client_word: ClientWord | None


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One shared form in its place: answers, finding, and this person's own earlier mean per item on 0–10."""

    meeting: MeetingRow
    stored: StoredResponse
    finding: Finding | None
    usual: Mapping[str, float]
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the case page shows. Meetings are in the order they were held, flags newest first."""

    case: Case
    meetings: tuple[MeetingRow, ...]
    chosen: MeetingRow | None
    form: AnsweredForm | None
    stories: tuple[FlagStory, ...]
    label: str = field(default="", repr=False)

    @property
    def shared(self) -> tuple[MeetingRow, ...]:
        """Give the meetings whose answers were shared."""
        return tuple(row for row in self.meetings if row.is_shared)

    @property
    def story(self) -> FlagStory | None:
        """Give the flag of the chosen meeting."""
        number = self.chosen.number if self.chosen else None
        return next((story for story in self.stories if story.flag.session_number == number), None)


def show_case(
    uow: UnitOfWork, keyring: Keyring, *, case: Case, instrument: Instrument, session: int | None, seat: str = "A"
) -> CaseFile:
    """Read a case. `session` chooses a meeting by number; without it, the newest that was shared."""
    meetings = overview.list_meetings(uow, case.code, seat)
    stored = {row.session_number: row for row in responses.list_responses(uow, case.code) if row.seat == seat}
    found = {number: one for (number, place), one in findings.list_findings(uow, case.code).items() if place == seat}
    chosen = _chosen(meetings, session)
    ordered = tuple(stored[row.number] for row in meetings if row.number in stored)
    mine = [flag for flag in flags.list_flags(uow, case.code) if flag.seat == seat]
    later = {flag.id: _after(meetings, flag, stored, found, instrument) for flag in mine}
    stories = [_story(uow, keyring, case, flag, later[flag.id]) for flag in mine]
    return CaseFile(
        case=case,
        meetings=meetings,
        chosen=chosen,
        form=_form(uow, keyring, chosen, ordered, found) if chosen and chosen.is_shared else None,
        stories=tuple(reversed(stories)),
        label=read_label(uow, keyring, case),
    )


def _chosen(meetings: Sequence[MeetingRow], session: int | None) -> MeetingRow | None:
    if session is not None:
        return next((row for row in meetings if row.number == session), None)
    return next((row for row in reversed(meetings) if row.is_shared), None)


def _form(
    uow: UnitOfWork,
    keyring: Keyring,
    chosen: MeetingRow,
    ordered: Sequence[StoredResponse],
    found: Mapping[int, Finding],
) -> AnsweredForm:
    at = next(place for place, row in enumerate(ordered) if row.session_number == chosen.number)
    stored = ordered[at]
    return AnsweredForm(
        meeting=chosen,
        stored=stored,
        finding=found.get(chosen.number),
        usual=_usual(ordered[:at]),
        comment=read_comment(uow, keyring, (stored.case_code, stored.session_number, stored.seat)),
    )


def _usual(earlier: Sequence[StoredResponse]) -> dict[str, float]:
    """Give the mean of this person's earlier answers to each item that was answered often enough."""
    items = {item for row in earlier for item in row.response.ratings}
    given = {item: [row.response.ratings[item] for row in earlier if item in row.response.ratings] for item in items}
    return {item: fmean(values) for item, values in given.items() if len(values) >= USUAL_FROM}


def _after(
    meetings: Sequence[MeetingRow],
    flag: RuptureFlag,
    stored: Mapping[int, StoredResponse],
    found: Mapping[int, Finding],
    instrument: Instrument,
) -> tuple[LaterForm, ...]:
    """Give the answered forms of the meetings held after the flag's."""
    numbers = [row.number for row in meetings]
    after = numbers[numbers.index(flag.session_number) + 1 :] if flag.session_number in numbers else []
    return tuple(_later(stored[number], found.get(number), instrument) for number in after if number in stored)


def _story(uow: UnitOfWork, keyring: Keyring, case: Case, flag: RuptureFlag, later: tuple[LaterForm, ...]) -> FlagStory:
    words = [form.client_word for form in later if form.client_word is not None]
    return FlagStory(
        flag=flag,
        reviews=flags.list_reviews(uow, flag.id),
        repair=read_repair(uow, keyring, flag.id),
        outcome=repair_outcome(later, case_is_open=case.is_open),
        client_word=words[-1] if words else None,
    )


def _later(row: StoredResponse, finding: Finding | None, instrument: Instrument) -> LaterForm:
    direct = row.response.chosen(instrument.detector.direct_item or "")
    item = instrument.by_id.get(instrument.detector.direct_item or "")
    places = [option.value for option in item.options] if item else []
    word = row.response.chosen("repair")
    low = finding.expected_low if finding else None
    high = finding.expected_high if finding else None
    known = low is not None and high is not None
    return LaterForm(
        value=row.score,
        expected=(low + high) / 2 if known else None,  # type: ignore[operator]  # both are known here
        spread=(high - low) / (2 * RANGE_HALF_WIDTH) if known else None,  # type: ignore[operator]  # the same
        direct=places.index(direct) if direct in places else None,
        client_word=ClientWord(word) if word else None,
    )

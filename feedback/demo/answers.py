"""Taking the demo's answers in, a day at a time: judged form by form as in `judge_case`, written many at once."""

from dataclasses import dataclass
from datetime import date

from feedback.bootstrap import Installation
from feedback.domain.care import Case, TherapySession
from feedback.domain.response import Response
from feedback.domain.rupture import Finding, FlagStatus, RuptureFlag
from feedback.domain.scoring import score
from feedback.persistence.answers.bulk_insert import Batch
from feedback.persistence.answers.responses import KeptWith
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import findings
from feedback.security.receipts import make_receipt, nonce_hash, receipt_hash
from feedback.services.answers.comments import seal_comment
from feedback.services.flags.run_detection import Judge, scored

SEAT = "A"
NONCE_LENGTH = 26


@dataclass(slots=True)
class Course:
    """A case under way: how many meetings it had, and what the detector knows of it."""

    case: Case
    meetings: int = 0
    last_session: int = 0
    state: bytes | None = None


class Day:
    """One day's meetings and answers. `write` stores them; until then nothing of the day is in the database."""

    def __init__(self, uow: UnitOfWork, it: Installation, judge: Judge, day: date) -> None:
        self._uow, self._it, self._judge, self._day = uow, it, judge, day
        self._batch = Batch(uow, day)
        self.met: list[str] = []

    def meet(self, course: Course) -> TherapySession:
        """Hold the case's next therapy session."""
        course.meetings += 1
        meeting = TherapySession(course.case.code, course.meetings, self._day)
        self._batch.add_therapy_session(meeting)
        self.met.append(course.case.code)
        return meeting

    def take(self, course: Course, meeting: TherapySession, response: Response) -> RuptureFlag | None:
        """Take in the answer after a therapy session, and give the flag it raises, if any."""
        keyring, nonce = self._it.keyring, self._it.chance.text(NONCE_LENGTH)
        place = (course.case.code, meeting.number, SEAT)
        value = score(self._judge.instrument.total, response.ratings)
        kept = KeptWith(
            score=value,
            sealed_comment=seal_comment(self._uow, keyring, place, response.comment),
            nonce_hash=nonce_hash(keyring, nonce),
            receipt_hash=receipt_hash(keyring, make_receipt(keyring, nonce)),
            counted_for=course.case.therapist_id,
        )
        self._batch.add_response(place, response, kept)
        finding = self._observe(course, meeting, response, value)
        if finding is None:
            return None
        self._batch.add_finding(place, finding)
        if not finding.flag:
            return None
        flag_id = self._judge.chance.text(16)
        self._batch.add_flag(flag_id, place, finding)
        return RuptureFlag(flag_id, *place, FlagStatus.NEW, finding, self._day)

    def write(self) -> None:
        """Store the day."""
        self._batch.write()

    def _observe(
        self, course: Course, meeting: TherapySession, response: Response, value: float | None
    ) -> Finding | None:
        form = scored(response, self._judge.instrument, meeting.number, value)
        if not form.ratings and form.direct is None:
            return None
        course.state, finding = self._judge.method.observe(course.state, form)
        course.last_session = meeting.number
        return finding


def keep_state(uow: UnitOfWork, judge: Judge, course: Course) -> None:
    """Store what the detector knows of a case, for the next answer to build on."""
    if course.state is not None:
        findings.put_state(
            uow,
            course.case.code,
            SEAT,
            method=judge.method.name,
            version=judge.method.version,
            last_session=course.last_session,
            last_place=course.last_session,
            state=course.state,
        )

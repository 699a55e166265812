"""Telling by mail that something is new: at most as often as somebody chose, and never what it is."""

import hmac
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import DomainError
from feedback.domain.notice import may_be_sent
from feedback.notices.mail import Notice
from feedback.persistence.answers.responses import Place
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.dashboard import notices
from feedback.persistence.dashboard.notices import NoticeChoice
from feedback.persistence.dashboard.read_receipts import list_untold, note_receipts
from feedback.persistence.database import Database
from feedback.persistence.upkeep.singleton_lock import only_runner
from feedback.security.keyring import Keyring

NEW_FOR = timedelta(days=28)
"""Answers older than that are not worth a notice any more."""


class Notifier(Protocol):
    """Hands a notice on: a mail server in the product, a list in a test."""

    def send(self, notice: Notice) -> None:
        """Hand it over. Raises `NotSent`."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """How many notices went out, and how many did not; those are tried again next time, and `why` says what was met."""

    sent: int = 0
    failed: int = 0
    why: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what an operator should know of: one line, or none."""
        if not self.failed:
            return ()
        met = " ".join(sorted(self.why))
        return (f"{self.failed} notices were not sent; they are tried again at the next run. {met}",)


@dataclass(frozen=True, slots=True)
class Post:
    """By whom notices go out, and the address of the pages they lead to."""

    notifier: Notifier
    base_url: str


@dataclass(frozen=True, slots=True)
class _Due:
    clinic_id: str
    choice: NoticeChoice
    today: date


def send_notices(database: Database, clock: Clock, keyring: Keyring, chance: Chance, *, post: Post) -> Sent:
    """Send what is due, one sender at a time; what another one is at is left to it.

    A notice is marked as sent when the server has taken it: whatever keeps it from going, it is tried again. No
    transaction is open while the server is spoken to. An error of one notice keeps no other from being sent.
    """
    with only_runner(database, "notices") as is_ours:
        if not is_ours:
            return Sent()
        with database.reading(None) as uow:
            due = [
                _Due(clinic.id, choice, local_day(clock, clinic.timezone))
                for clinic in list_clinics(uow)
                for choice in notices.list_choices(uow.within(clinic.id))
            ]
        sent, failed, why = 0, 0, set[str]()
        for each in due:
            try:
                sent += _send_one(database, clock, keyring, chance, post=post, due=each)
            except Exception as error:  # noqa: BLE001  whatever it was, the notices after it are still due
                failed += 1
                why.add(str(error) if isinstance(error, DomainError) else f"{type(error).__name__}.")
    return Sent(sent, failed, frozenset(why))


def _send_one(database: Database, clock: Clock, keyring: Keyring, chance: Chance, *, post: Post, due: _Due) -> bool:
    """Send one notice, mark it as sent, and say whether there was anything to send. Raises what kept it."""
    told = _find_untold(database, due)
    if not told:
        return False
    stop = f"{post.base_url}/notices/stop/{stop_token(keyring, due.clinic_id, due.choice.staff_id)}"
    address, id_ = f"{post.base_url}/dashboard", chance.text(26).lower()
    post.notifier.send(Notice(due.choice.email, address, stop, clock.now(), id_))
    _mark_sent(database, due, told)
    return True


def stop_token(keyring: Keyring, clinic_id: str, staff_id: str) -> str:
    """Return what the link that ends somebody's notices carries: whose they are, signed."""
    return f"{clinic_id}.{staff_id}.{_mark(keyring, clinic_id, staff_id)}"


def read_stop_token(keyring: Keyring, token: str) -> tuple[str, str] | None:
    """Return clinic and account of such a link, or nothing when it was not made here."""
    clinic_id, _, rest = token.partition(".")
    staff_id, _, mark = rest.rpartition(".")
    own = _mark(keyring, clinic_id, staff_id)
    return (clinic_id, staff_id) if hmac.compare_digest(mark.encode(), own.encode()) else None


def _mark(keyring: Keyring, clinic_id: str, staff_id: str) -> str:
    return keyring.hash("staff-pages", "stop-notices", clinic_id, staff_id).hex()[:40]


def _find_untold(database: Database, due: _Due) -> frozenset[Place]:
    """Return what somebody has not been told of, if a notice may go out today and could be marked as sent.

    Raises `NotSaved` where nothing can be: else it would be sent over and over.
    """
    staff_id, last = due.choice.staff_id, due.choice.last_sent_on
    if not may_be_sent(due.choice.pace, last, due.today):
        return frozenset()
    with database.writing(due.clinic_id) as uow:
        is_unchanged = notices.move_last_sent(uow, staff_id, last, due.today)
        untold = list_untold(uow, staff_id, due.today - NEW_FOR) if is_unchanged else frozenset()
        uow.rollback()  # it was a trial
    return untold


def _mark_sent(database: Database, due: _Due, told: frozenset[Place]) -> None:
    with database.writing(due.clinic_id) as uow:
        notices.move_last_sent(uow, due.choice.staff_id, due.choice.last_sent_on, due.today)
        note_receipts(uow, due.choice.staff_id, told, opened=False)

"""Telling by mail that something is new: at most as often as somebody chose, and never what it is."""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import NotSent
from feedback.domain.notice import may_be_sent
from feedback.notices.mail import Notice
from feedback.persistence.answers.responses import Place
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.database import Database
from feedback.persistence.desk import notices
from feedback.persistence.desk.looks import forget_told, list_untold, note_looks
from feedback.persistence.desk.notices import NoticeChoice
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
    """How many notices went out, and how many the server did not take; those are tried again next time."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """By whom notices go out, and the address of the pages they lead to."""

    notifier: Notifier
    base_url: str


def send_notices(database: Database, clock: Clock, keyring: Keyring, chance: Chance, *, post: Post) -> Sent:
    """Send what is due. Claimed before it is sent, so that nobody gets two; given back when the server refuses.

    No transaction is open while the server is spoken to.
    """
    with database.reading(None) as uow:
        due = [
            (clinic.id, choice, local_day(clock, clinic.timezone))
            for clinic in list_clinics(uow)
            for choice in notices.list_choices(uow.within(clinic.id))
        ]
    sent = failed = 0
    for clinic_id, choice, today in due:
        told = _claim(database, clinic_id, choice, today)
        if not told:
            continue
        stop = f"{post.base_url}/notices/stop/{stop_token(keyring, clinic_id, choice.staff_id)}"
        notice = Notice(choice.email, f"{post.base_url}/dashboard", stop, clock.now(), chance.text(26).lower())
        try:
            post.notifier.send(notice)
            sent += 1
        except NotSent:
            failed += 1
            _give_back(database, clinic_id, choice, today, told)
    return Sent(sent, failed)


def stop_token(keyring: Keyring, clinic_id: str, staff_id: str) -> str:
    """Give what the link that ends somebody's notices carries: whose they are, signed."""
    return f"{clinic_id}.{staff_id}.{_mark(keyring, clinic_id, staff_id)}"


def read_stop_token(keyring: Keyring, token: str) -> tuple[str, str] | None:
    """Give clinic and account of such a link, or nothing when it was not made here."""
    clinic_id, _, rest = token.partition(".")
    staff_id, _, mark = rest.rpartition(".")
    own = _mark(keyring, clinic_id, staff_id)
    return (clinic_id, staff_id) if hmac.compare_digest(mark.encode(), own.encode()) else None


def _mark(keyring: Keyring, clinic_id: str, staff_id: str) -> str:
    return keyring.hash("staff-pages", "stop-notices", clinic_id, staff_id).hex()[:40]


def _claim(database: Database, clinic_id: str, choice: NoticeChoice, today: date) -> frozenset[Place]:
    """Take what somebody has not been told of as told, if a notice may go out today."""
    if not may_be_sent(choice.pace, choice.last_sent_on, today):
        return frozenset()
    with database.writing(clinic_id) as uow:
        untold = list_untold(uow, choice.staff_id, today - NEW_FOR)
        if not untold or not notices.move_last_sent(uow, choice.staff_id, choice.last_sent_on, today):
            return frozenset()
        note_looks(uow, choice.staff_id, untold, opened=False)
        uow.commit()
    return untold


def _give_back(database: Database, clinic_id: str, choice: NoticeChoice, today: date, told: frozenset[Place]) -> None:
    with database.writing(clinic_id) as uow:
        notices.move_last_sent(uow, choice.staff_id, today, choice.last_sent_on)
        forget_told(uow, choice.staff_id, told)
        uow.commit()

"""Opening a quarter's sealed submissions when its figures are made: the one place that reads what is in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from nacl.public import PrivateKey

from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.submissions import Submission, count_submissions
from feedback.domain.figures.unseen import NONE_UNSEEN, UnseenAnswers
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.figures.meetings import meetings_of
from feedback.security.keyring import Keyring
from feedback.security.sealed_box import open_sealed, read_submission_key


@dataclass(frozen=True, slots=True)
class Opened:
    """What counts of a quarter, and the ids of the rows that can be deleted once its figures are kept."""

    unseen: UnseenAnswers = NONE_UNSEEN
    ids: tuple[bytes, ...] = ()


def open_submissions(uow: UnitOfWork, keyring: Keyring, journal: Journal, period: Period) -> Opened:
    """Return what the clinic's sealed submissions say of a quarter; nothing for a month.

    What belongs to an earlier quarter came too late to count. What is sealed to a key that is not here stays.
    Raises `KeysWrong` for a damaged key.
    """
    if period.kind is not PeriodKind.QUARTER:
        return Opened()
    withdrawn = frozenset(withdrawn_submissions(keyring, journal))
    due = [(row_id, sent) for row_id, sent in _open(uow, keyring) if sent.held_on <= period.last_day]
    counted = (
        sent
        for row_id, sent in due
        if sent.held_on >= period.first_day and withdrawn.isdisjoint((row_id, bytes.fromhex(sent.form)))
    )
    unseen = count_submissions(counted, meetings_of(uow, period))
    return Opened(unseen, tuple(row_id for row_id, _ in due))


def forget_opened(uow: UnitOfWork, opened: Opened) -> None:
    """Delete what a quarter's figures were made of, in the unit of work that keeps them."""
    sealed_submissions.delete_submissions(uow, list(opened.ids))


def _open(uow: UnitOfWork, keyring: Keyring) -> Iterator[tuple[bytes, Submission]]:
    """Yield the id of each row and what is in it."""
    key = _reader(keyring)
    for row in sealed_submissions.list_submissions(uow):
        private = key(row.key_id)
        if private is not None:
            yield row.id, Submission.from_sealed(open_sealed(private, row.sealed))


def withdrawn_submissions(keyring: Keyring, journal: Journal) -> Iterator[bytes]:
    """Return what is not to be counted, as the journal has it: ids of rows, and hashes of the receipts of forms.

    Of what is sealed to a key that is not here nothing is known.
    """
    key = _reader(keyring)
    for key_id, sealed in journal.withdrawn_unseen():
        private = key(key_id)
        if private is not None:
            yield bytes.fromhex(open_sealed(private, sealed)["withdrawn"])


def _reader(keyring: Keyring) -> Callable[[str], PrivateKey | None]:
    """Return what reads each private key once."""
    return cache(lambda key_id: read_submission_key(keyring.folder, key_id))

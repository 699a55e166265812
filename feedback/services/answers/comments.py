"""Sealing a client's comment to its own response, and opening it there."""

from feedback.persistence.answers.responses import Place, sealed_comment_at
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal


def _where(uow: UnitOfWork, place: Place) -> tuple[str, ...]:
    case_code, number, seat = place
    return ("responses", "comment", uow.clinic_id, case_code, str(number), seat)


def seal_comment(uow: UnitOfWork, keyring: Keyring, place: Place, comment: str) -> bytes | None:
    """Seal a comment to its place; there is nothing to seal in an empty one."""
    return seal(keyring, comment, *_where(uow, place)) if comment else None


def read_comment(uow: UnitOfWork, keyring: Keyring, place: Place) -> str:
    """Return the comment of the shared response at a place, empty when there is none."""
    return open_comment(uow, keyring, place, sealed_comment_at(uow, place))


def open_comment(uow: UnitOfWork, keyring: Keyring, place: Place, sealed: bytes | None) -> str:
    """Open a comment that was read together with other rows of its place."""
    return unseal(keyring, sealed, *_where(uow, place)) if sealed else ""

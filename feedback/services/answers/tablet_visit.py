"""The visit that goes on at a shared tablet: at most one, from the code to *Done*, known to the server alone.

A row is a keyed hash of the tablet's random id, one of the visit's random id with how far it has come, and the hour. It
tells no case, and nobody without the key whether anything was sent. It never tells to whom: a visit that sent an answer
for the totals leaves the same row as one that shared it.
"""

from enum import StrEnum

from feedback.domain.clock import Clock
from feedback.persistence.answers import visits
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring


class Stage(StrEnum):
    """How far a visit that goes on has come: its form is open, or was sent."""

    FORM = "form"
    SENT = "sent"


def begin_visit(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, tablet: str, visit_id: str) -> None:
    """Let a visit go on at a tablet, and end the one before. Of two that begin at once the one kept last goes on."""
    visits.begin(uow, _tablet(keyring, tablet), _stages(keyring, visit_id)[Stage.FORM], clock.now())


def stage_of(uow: UnitOfWork, keyring: Keyring, *, tablet: str, visit_id: str) -> Stage | None:
    """Return how far a visit has come; nothing once it is over."""
    hashes = _stages(keyring, visit_id)
    found = visits.find(uow, _tablet(keyring, tablet), tuple(hashes.values()))
    return next((stage for stage, hashed in hashes.items() if hashed == found), None)


def note_sent(uow: UnitOfWork, keyring: Keyring, *, tablet: str, visit_id: str) -> bool:
    """Store that the form of a visit was sent, once or again; say whether the visit still went on."""
    hashes = _stages(keyring, visit_id)
    return visits.change(uow, _tablet(keyring, tablet), tuple(hashes.values()), hashes[Stage.SENT])


def end_visit(uow: UnitOfWork, keyring: Keyring, *, tablet: str, visit_id: str) -> None:
    """End this visit, and no other one that goes on at the tablet by now. Ending it again changes nothing."""
    visits.end(uow, _tablet(keyring, tablet), tuple(_stages(keyring, visit_id).values()))


def has_visit(uow: UnitOfWork, keyring: Keyring, *, tablet: str) -> bool:
    """Return whether a visit goes on at a tablet."""
    return visits.is_any_going_on(uow, _tablet(keyring, tablet))


def end_any_visit(uow: UnitOfWork, keyring: Keyring, *, tablet: str) -> None:
    """End whatever visit goes on at a tablet."""
    visits.end_any(uow, _tablet(keyring, tablet))


def _tablet(keyring: Keyring, tablet: str) -> bytes:
    return keyring.hash("nonces", "tablet", tablet)


def _stages(keyring: Keyring, visit_id: str) -> dict[Stage, bytes]:
    return {stage: keyring.hash("nonces", "visit", stage.value, visit_id) for stage in Stage}

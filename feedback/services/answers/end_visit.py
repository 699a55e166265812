"""A visit to a shared tablet, from the typed code to *Done*: what of it is over, known to the server alone.

A row is the keyed hash of a random id that stands nowhere else, and an hour. It tells neither a case nor whether
anything was sent, nor to whom: a visit that sent an answer for the totals leaves the same rows as one that shared it.
"""

from enum import StrEnum

from feedback.domain.clock import Clock
from feedback.persistence.answers import visits
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring


class Step(StrEnum):
    """What can be over: the form, once it was sent; the whole visit, once somebody or the time has ended it."""

    FORM = "form"
    VISIT = "visit"


def end_step(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, visit_id: str, step: Step) -> None:
    """Store that a step of a visit is over. Ending it again changes nothing."""
    visits.note_over(uow, _hashed(keyring, visit_id, step), clock.now())


def steps_over(uow: UnitOfWork, keyring: Keyring, *, visit_id: str) -> frozenset[Step]:
    """Return the steps of a visit that are over."""
    hashes = {_hashed(keyring, visit_id, step): step for step in Step}
    return frozenset(hashes[hashed] for hashed in visits.which_are_over(uow, tuple(hashes)))


def _hashed(keyring: Keyring, visit_id: str, step: Step) -> bytes:
    return keyring.hash("nonces", "visit", step.value, visit_id)

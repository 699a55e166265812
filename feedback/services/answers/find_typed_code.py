"""From the eight characters somebody typed to the link they stand for.

Typed codes are short, so misses are counted, for everybody together: no address is stored. Scanned links are long
enough never to be counted.
"""

from feedback.domain.access import typed_shortfall
from feedback.domain.clock import Clock
from feedback.domain.errors import AccessCodeUnknown, TooManyTries
from feedback.persistence import doors
from feedback.persistence.accounts import tries
from feedback.persistence.cases import codes
from feedback.persistence.database import UnitOfWork
from feedback.security.access_codes import typed_hash, unseal_code
from feedback.security.keyring import Keyring

MOST_MISSES = 300
"""In ten minutes. With 1,000 open codes a guess hits once in about a thousand million tries."""


def find_typed_code(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, typed: str) -> str:
    """Give the token of the link. Raises `AccessCodeUnknown`, or `TooManyTries` while guessing is slowed down."""
    if typed_shortfall(typed):
        raise AccessCodeUnknown("We could not find that code.")
    if tries.misses(uow, "typed_code", clock.now()) >= MOST_MISSES:
        raise TooManyTries("Let us take a short break. Try again in 10 minutes, or ask for a new code.")
    hashed = typed_hash(keyring, typed)
    behind = doors.clinics_behind(uow, "typed", hashed)
    if not behind:
        raise AccessCodeUnknown("We could not find that code.")
    within = uow.within(behind[0])
    code = codes.get_code(within, typed_hash=hashed)
    return unseal_code(keyring, code.sealed_token, "sealed_token", within.clinic_id, code.id)


def count_typed_miss(uow: UnitOfWork, clock: Clock) -> None:
    """Count a code of full length that leads nowhere."""
    tries.count_miss(uow, "typed_code", clock.now())

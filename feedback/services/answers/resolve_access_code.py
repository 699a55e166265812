"""From the eight characters somebody typed to the link they stand for.

Typed codes are short, so misses are paced, in memory alone and by the network they come from. Scanned links are long
enough never to be counted.
"""

from feedback.domain.access import typed_shortfall
from feedback.domain.clock import Clock
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.limits import TYPED_CODE
from feedback.domain.networks import Origin
from feedback.persistence import tenant_lookup
from feedback.persistence.cases import codes
from feedback.persistence.database import Database
from feedback.security.access_codes import typed_hash, unseal_code
from feedback.security.keyring import Keyring
from feedback.security.rate_limit import RateLimiter


def find_typed_code(
    database: Database, clock: Clock, keyring: Keyring, *, typed: str, limiter: RateLimiter, origin: Origin
) -> str:
    """Return the token of the link. Raises `AccessCodeUnknown`, or `TooManyTries` where much was missed from there.

    Takes the database rather than a unit of work: who is refused opens no connection.
    """
    if typed_shortfall(typed):
        raise AccessCodeUnknown("We could not find that code.")
    attempt = limiter.begin(TYPED_CODE, origin, clock.now().timestamp())
    hashed = typed_hash(keyring, typed)
    with database.reading(None) as uow:
        behind = tenant_lookup.clinics_behind(uow, "typed", hashed)
        if not behind:
            raise AccessCodeUnknown("We could not find that code.")
        within = uow.within(behind[0])
        code = codes.get_code(within, typed_hash=hashed)
    attempt.take_back()
    return unseal_code(keyring, code.sealed_token, "sealed_token", within.clinic_id, code.id)

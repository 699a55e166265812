"""Giving out a form under a new key, at a pace.

A key can keep one sealed row of 9 KiB, so keys are what bounds the rows that one link can make. Sends are not counted:
whoever shares an address with a client must not learn from a refusal that somebody sent something.
"""

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.limits import FORM_KEYS
from feedback.domain.networks import Origin
from feedback.security.access_codes import token_hash
from feedback.security.keyring import Keyring
from feedback.security.rate_limit import RateLimiter
from feedback.security.receipts import make_nonce


def issue_form_key(
    clock: Clock, keyring: Keyring, chance: Chance, *, token: str, sentence: int, limiter: RateLimiter, origin: Origin
) -> str:
    """Return the key of a new form of a code that is known to work, showing a version of the who-reads sentence.

    Raises `TooManyForms` where forms were opened too fast from this address or network.
    """
    limiter.count_opening(FORM_KEYS, origin, clock.now().timestamp(), token_hash(keyring, token))
    return make_nonce(keyring, chance, token, sentence)

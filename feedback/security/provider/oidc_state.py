"""One attempt to sign in through the provider: what was drawn for it, kept by the browser that began it.

It travels in a cookie, sealed under the data key, so that any process of the server can take it up again: nobody can
read, change or make one. It is good for ten minutes, and `services` lets each be used once.
"""

import base64
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import KeysWrong, ProviderRefused
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal

LASTS = timedelta(minutes=10)
"""Long enough for a second step there."""

LONGEST_ONWARD = 300
_PLACE = ("pages", "provider_attempt")
_LARGEST = 4096
NOT_BEGUN_HERE = (
    "This sign-in was not begun in this browser, was used already, or took more than ten minutes. Please begin again."
)


class Purpose(StrEnum):
    """What for the provider is asked who somebody is."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    LINK = "link"
    INVITATION = "invitation"

    @property
    def is_asked_anew(self) -> bool:
        """True where a sign-in that the browser still has at the provider is not enough: it may be a colleague's."""
        return self is not Purpose.SIGN_IN


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was drawn when the browser left for the provider.

    `bound` names what the answer is for: the hash of the signed-in session, or the token of an invitation.
    `onward` is the local path that was asked for before. `begun` is in whole seconds since 1970.
    """

    purpose: Purpose
    begun: int
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    onward: str = ""
    bound: str = field(default="", repr=False)


def begin_attempt(clock: Clock, chance: Chance, purpose: Purpose, *, onward: str = "", bound: str = "") -> Attempt:
    """Draw state and nonce of 160 bits, and a verifier of 320 (RFC 7636 asks for 43 to 128 characters)."""
    return Attempt(
        purpose,
        int(clock.now().timestamp()),
        state=chance.text(32),
        nonce=chance.text(32),
        verifier=chance.text(64),
        onward=onward if len(onward) <= LONGEST_ONWARD else "",
        bound=bound,
    )


def seal_attempt(keyring: Keyring, attempt: Attempt) -> str:
    """Write an attempt as the value of a cookie."""
    return base64.urlsafe_b64encode(seal(keyring, json.dumps(asdict(attempt)), *_PLACE)).decode()


def open_attempt(keyring: Keyring, clock: Clock, cookie: str, state: str) -> Attempt:
    """Return the attempt of a cookie when `state` came back from the provider with it. Raises `ProviderRefused`."""
    if not cookie or len(cookie) > _LARGEST:
        raise ProviderRefused(NOT_BEGUN_HERE, "no attempt of this browser")
    try:
        found = json.loads(unseal(keyring, base64.urlsafe_b64decode(cookie), *_PLACE))
        attempt = Attempt(**(found | {"purpose": Purpose(found["purpose"])}))
    except (ValueError, TypeError, KeysWrong):
        raise ProviderRefused(NOT_BEGUN_HERE, "no attempt of this browser") from None
    if not hmac.compare_digest(attempt.state.encode(), state.encode("utf-8", "surrogatepass")):
        raise ProviderRefused(NOT_BEGUN_HERE, "wrong state")
    if clock.now() > datetime.fromtimestamp(attempt.begun, clock.now().tzinfo) + LASTS:
        raise ProviderRefused(NOT_BEGUN_HERE, "attempt too old")
    return attempt

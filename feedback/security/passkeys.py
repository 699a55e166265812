"""Passkeys: a key pair on somebody's phone or key ring, used with their finger, face or PIN (WebAuthn level 2).

That is both steps in one: something one has, opened by something one is or knows. The challenge carries its own expiry
and mark, and comes back within what the authenticator signs; so nothing is stored until it is used.

The library for it takes a quarter of a second to import, and is imported where somebody uses a passkey.
"""

import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import PasskeyRefused
from feedback.security.keyring import Keyring

LASTS = timedelta(minutes=5)
_RANDOM_LENGTH = 32
_LARGEST = 16 * 1024
_ANSWER_WRONG = "The passkey did not answer as it should. Please try again."


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are for: the product's own address, as browsers see it."""

    base_url: str
    name: str

    @property
    def host(self) -> str:
        """Return the name that a passkey is bound to."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def may_have_passkeys(self) -> bool:
        """Return whether browsers allow passkeys here: over https or on this machine, by name and never by number."""
        is_named = not self.host.replace(".", "").isdecimal() and ":" not in self.host
        return is_named and (self.base_url.startswith("https://") or self.host == "localhost")


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey as an authenticator announced it."""

    credential: bytes
    public_key: bytes
    uses: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What an authenticator says before it is believed: which passkey, and whose it claims to be."""

    credential: bytes
    owner: str
    answer: str


def make_challenge(keyring: Keyring, clock: Clock, chance: Chance, purpose: str) -> bytes:
    """Draw a challenge for one purpose that is good for five minutes."""
    until = int((clock.now() + LASTS).timestamp())
    body = f"{until}.{chance.text(_RANDOM_LENGTH)}"
    return f"{body}.{_mark(keyring, purpose, body)}".encode()


def check_challenge(keyring: Keyring, clock: Clock, purpose: str, answer: str) -> bytes:
    """Return the challenge within an answer, if it is one of ours for this purpose. Raises `PasskeyRefused`."""
    try:
        said = json.loads(_bytes_of(json.loads(answer)["response"]["clientDataJSON"]))
        challenge = _bytes_of(said["challenge"])
        body, _, mark = challenge.decode("ascii").rpartition(".")
        until = datetime.fromtimestamp(int(body.partition(".")[0]), clock.now().tzinfo)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise PasskeyRefused(_ANSWER_WRONG) from None
    if not hmac.compare_digest(mark, _mark(keyring, purpose, body)):
        raise PasskeyRefused(_ANSWER_WRONG)
    if clock.now() > until:
        raise PasskeyRefused("That took a little long. Please try again.")
    return challenge


def offer_to_make(site: Site, challenge: bytes, *, owner: str, email: str, shown: str, known: list[bytes]) -> str:
    """Return what a browser needs to make a passkey, as JSON; not on an authenticator that holds a known one."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415  see above
    from webauthn.helpers import structs  # noqa: PLC0415  see above

    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=owner.encode(),
            user_name=email,
            user_display_name=shown,
            challenge=challenge,
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def check_made(site: Site, challenge: bytes, answer: str) -> Made:
    """Return the passkey that was made. Raises `PasskeyRefused`."""
    from webauthn import verify_registration_response  # noqa: PLC0415  see above
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  see above

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused(_ANSWER_WRONG) from None
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def offer_to_show(site: Site, challenge: bytes) -> str:
    """Return what a browser needs to ask for any passkey of this site, as JSON."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415  see above
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415  see above

    return options_to_json(
        generate_authentication_options(
            rp_id=site.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def read_shown(answer: str) -> Shown:
    """Read which passkey an authenticator shows and for whom. Nothing is proved yet. Raises `PasskeyRefused`."""
    if len(answer) > _LARGEST:
        raise PasskeyRefused(_ANSWER_WRONG)
    try:
        said = json.loads(answer)
        owner = _bytes_of(said["response"]["userHandle"]).decode("ascii")
        credential = _bytes_of(said["rawId"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PasskeyRefused(_ANSWER_WRONG) from None
    if not owner.replace("/", "", 1).isalnum():
        raise PasskeyRefused(_ANSWER_WRONG)
    return Shown(credential, owner, answer)


def check_shown(site: Site, challenge: bytes, shown: Shown, *, public_key: bytes, uses: int) -> int:
    """Return the authenticator's new count when its signature is right. Raises `PasskeyRefused`."""
    from webauthn import verify_authentication_response  # noqa: PLC0415  see above
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  see above

    try:
        return verify_authentication_response(
            credential=shown.answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.base_url,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused(_ANSWER_WRONG) from None


def _mark(keyring: Keyring, purpose: str, body: str) -> str:
    return keyring.hash("staff-pages", "passkey", purpose, body).hex()


def _bytes_of(text: str) -> bytes:
    """Read base64 as browsers write it. Raises `ValueError`."""
    return binascii.a2b_base64(text.replace("-", "+").replace("_", "/") + "===")

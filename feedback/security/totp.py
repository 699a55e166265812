"""Codes of an authenticator app: six digits every 30 seconds, as every app makes them (RFC 6238 with SHA-1).

Which step a code belongs to is given back, so that whoever keeps count can refuse the same code a second time.
"""

import hmac
from datetime import datetime

import pyotp

from feedback.domain.care import CROCKFORD, Chance
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal

STEP_SECONDS = 30
SKEW = 1
"""How many steps a phone's clock may be off, either way."""

DIGITS = 6
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SEED_LENGTH = 32


def draw_seed(chance: Chance) -> str:
    """Draw a seed of 160 bits, in the alphabet that apps read (RFC 4648)."""
    return "".join(_BASE32[CROCKFORD.index(sign)] for sign in chance.text(_SEED_LENGTH))


def step_at(now: datetime) -> int:
    """Return the number of the half-minute an instant lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(seed: str, step: int) -> str:
    """Return the six digits of a step."""
    return pyotp.TOTP(seed).generate_otp(step)


def find_step(seed: str, code: str, now: datetime) -> int | None:
    """Return the step a code belongs to, one before the present to one after, or nothing. Each is compared in full."""
    near = range(step_at(now) - SKEW, step_at(now) + SKEW + 1)
    fitting = [step for step in near if hmac.compare_digest(code_at(seed, step).encode(), code.encode())]
    return fitting[0] if fitting else None


def app_address(seed: str, *, account: str, issuer: str) -> str:
    """Return the `otpauth` address that an app reads from a square: the seed, and how to name the account.

    A colon parts the two names there, so one within a clinic's name becomes a blank.
    """
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name=issuer.replace(":", " "))


def seal_seed(keyring: Keyring, seed: str, clinic_id: str, staff_id: str) -> bytes:
    """Seal a seed to its account."""
    return seal(keyring, seed, "totp_seeds", "seed", clinic_id, staff_id)


def unseal_seed(keyring: Keyring, sealed: bytes, clinic_id: str, staff_id: str) -> str:
    """Open a seed that was sealed to this account."""
    return unseal(keyring, sealed, "totp_seeds", "seed", clinic_id, staff_id)

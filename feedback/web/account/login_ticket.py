"""Tickets for the minutes between the first step and the second.

They live in the page alone: account ids, an expiry and a mark under the key "staff-pages". Nothing is stored. The seed
of an app that is being set up travels the same way, sealed to its account.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback.domain.clock import Clock
from feedback.domain.errors import KeysWrong, SignInFailed
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal
from feedback.services.accounts.sign_in import Account

LASTS = timedelta(minutes=5)
_BOTH = "both"
"""Names no account: those have a stroke in them."""


def account_key(account: Account) -> str:
    """Name an account across clinics."""
    return f"{account.clinic.id}/{account.staff.id}"


def make_ticket(keyring: Keyring, clock: Clock, accounts: Sequence[Account], *, both_shown: bool = False) -> str:
    """Write down which accounts the first step opened, until when, and whether the second was shown with it."""
    until = str(int((clock.now() + LASTS).timestamp()))
    body = ".".join([until, *([_BOTH] if both_shown else []), *map(account_key, accounts)])
    return f"{body}.{_mark(keyring, body)}"


def read_ticket(keyring: Keyring, clock: Clock, ticket: str, chosen: str) -> tuple[str, str]:
    """Return clinic id and staff id of the chosen account. Raises `SignInFailed` when the ticket does not cover it."""
    body, _, mark = ticket.rpartition(".")
    until, *keys = body.split(".")
    genuine = hmac.compare_digest(mark.encode(), _mark(keyring, body).encode())
    if not genuine or clock.now() > datetime.fromtimestamp(int(until), clock.now().tzinfo) or chosen not in keys:
        raise SignInFailed("That took a little long. Please sign in again.")
    clinic_id, _, staff_id = chosen.partition("/")
    return clinic_id, staff_id


def both_were_shown(ticket: str) -> bool:
    """Return whether a ticket that was read needs no second step: the organisation's sign-in has asked for it."""
    return _BOTH in ticket.split(".")


def carry_seed(keyring: Keyring, seed: str, account: Account) -> str:
    """Seal a seed for the page that shows it, so that only this one can be set up from there."""
    return seal(keyring, seed, "pages", "seed", account.clinic.id, account.staff.id).hex()


def carried_seed(keyring: Keyring, carried: str, account: Account) -> str | None:
    """Return the seed a page of this account carried, or nothing when it is not one of ours."""
    try:
        return unseal(keyring, bytes.fromhex(carried), "pages", "seed", account.clinic.id, account.staff.id)
    except (ValueError, KeysWrong):
        return None


def _mark(keyring: Keyring, body: str) -> str:
    return keyring.hash("staff-pages", "ticket", body).hex()

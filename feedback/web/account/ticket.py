"""A ticket for the half-minute between the right password and the choice of a role.

It lives in the page alone: account ids, an expiry and a mark under the key "staff-pages". Nothing is stored.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback.domain.clock import Clock
from feedback.domain.errors import SignInFailed
from feedback.security.keyring import Keyring
from feedback.services.sign_in import Account

LASTS = timedelta(minutes=5)


def account_key(account: Account) -> str:
    """Name an account across clinics."""
    return f"{account.clinic.id}/{account.staff.id}"


def make_ticket(keyring: Keyring, clock: Clock, accounts: Sequence[Account]) -> str:
    """Write down which accounts the password opened, and until when."""
    until = str(int((clock.now() + LASTS).timestamp()))
    body = ".".join([until, *map(account_key, accounts)])
    return f"{body}.{_mark(keyring, body)}"


def read_ticket(keyring: Keyring, clock: Clock, ticket: str, chosen: str) -> tuple[str, str]:
    """Give clinic id and staff id of the chosen account. Raises `SignInFailed` when the ticket does not cover it."""
    body, _, mark = ticket.rpartition(".")
    until, *keys = body.split(".")
    genuine = hmac.compare_digest(mark.encode(), _mark(keyring, body).encode())
    if not genuine or clock.now() > datetime.fromtimestamp(int(until), clock.now().tzinfo) or chosen not in keys:
        raise SignInFailed("That took a little long. Please sign in again.")
    clinic_id, _, staff_id = chosen.partition("/")
    return clinic_id, staff_id


def _mark(keyring: Keyring, body: str) -> str:
    return keyring.hash("staff-pages", "ticket", body).hex()

"""The key in a form: its nonce, and on a shared tablet until when the form may be sent.

A browser can be made to send an old form again by whoever comes next, with the answers of the person before. So a
tablet's form ends with its page, and a form that was sent is not shown again. The time travels with the form only.
"""

from dataclasses import dataclass

from flask import request

from feedback.domain.errors import NonceRefused
from feedback.persistence.doors import clinics_behind
from feedback.security.receipts import check_nonce, make_nonce, make_receipt, receipt_hash
from feedback.web.carried import CLEARS_SECONDS, is_kiosk
from feedback.web.surfaces import here

NONCE_LENGTH = 46
TIME_LENGTH = 10
"""Digits of a Unix second, until the year 2286."""

GRACE_SECONDS = 30
"""For a send that was on its way when the page cleared."""


@dataclass(frozen=True, slots=True)
class FormKey:
    """A key as it was sent. `is_late` on a tablet whose page has cleared since."""

    nonce: str
    is_late: bool


def filler() -> str:
    """Give what holds the place of a key while a page is drawn."""
    return "\x01" * (NONCE_LENGTH + TIME_LENGTH if is_kiosk() else NONCE_LENGTH)


def new_key(token: str, sentence: int) -> str:
    """Give a key for a form of this code that shows a version of the who-reads sentence."""
    return _with_time(make_nonce(here().keyring, here().chance, token, sentence))


def key_again(token: str, sent: FormKey, sentence: int) -> str:
    """Give a key for a form that comes back: the same nonce, since it is the same form and may have been sent before.

    Only a key that is not of this code gets a new one.
    """
    try:
        check_nonce(here().keyring, sent.nonce, token)
    except NonceRefused:
        return new_key(token, sentence)
    return _with_time(sent.nonce)


def sent_key() -> FormKey:
    """Give the key of the form that was sent."""
    posted = request.form.get("nonce", "")
    if not is_kiosk():
        return FormKey(posted, is_late=False)
    nonce, until = posted[:NONCE_LENGTH], posted[NONCE_LENGTH:]
    return FormKey(nonce, is_late=has_passed(until))


def has_passed(until: str) -> bool:
    """Say whether the Unix second that came with a form is over; never for what is no such second."""
    is_time = len(until) == TIME_LENGTH and until.isascii() and until.isdigit()
    return is_time and int(until) + GRACE_SECONDS <= here().clock.now().timestamp()


def was_sent(sent: FormKey) -> bool:
    """Say whether a tablet's form with this nonce was kept already, whoever reads it: then its receipt leads here."""
    if not is_kiosk():
        return False
    hashed = receipt_hash(here().keyring, make_receipt(here().keyring, sent.nonce))
    with here().database.reading(None) as uow:
        return bool(clinics_behind(uow, "receipt", hashed))


def _with_time(nonce: str) -> str:
    if not is_kiosk():
        return nonce
    return f"{nonce}{int(here().clock.now().timestamp()) + CLEARS_SECONDS:0{TIME_LENGTH}}"

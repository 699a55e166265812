"""The thank-you page: the same whatever was answered, and nothing of it is stored.

What it needs to say travels sealed in its own address; it never repeats an answer.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from flask import Response

from feedback.domain.audience import Audience
from feedback.domain.errors import KeysWrong, NotFound
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal
from feedback.services.answers.what_stands import what_stands
from feedback.web.client_page import client_page
from feedback.web.compress import pad_page
from feedback.web.current_clinic import named_clinic
from feedback.web.i18n import speak
from feedback.web.intake import intake
from feedback.web.surfaces import here

THANKS_BYTES = 6 * 1024
"""How long the thank-you is on its way, whoever reads the answers: unpadded it takes some 2.5 kB, 4.5 on a tablet."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """What the thank-you page says: whose, in which language, and the receipt. Who reads it by now is looked up."""

    clinic_id: str
    language: str
    therapist: str
    receipt: str


def seal_thanks(keyring: Keyring, thanks: Thanks) -> str:
    """Return the part of the address that only this installation can read."""
    sealed = seal(keyring, json.dumps(asdict(thanks), ensure_ascii=False), "thanks")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_thanks(keyring: Keyring, sealed: str) -> Thanks:
    """Read it back. Raises `NotFound` for anything else."""
    try:
        raw = json.loads(unseal(keyring, base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), "thanks"))
    except (KeysWrong, binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise NotFound("There is no page here.") from error
    return as_thanks(raw)


def as_thanks(raw: Mapping[str, Any]) -> Thanks:
    """Return the thank-you of an address, whatever earlier versions wrote into it besides."""
    return Thanks(**{field.name: raw[field.name] for field in fields(Thanks)})


def show_receipt(receipt: str) -> str:
    """Return a receipt in three groups of six: `R4KM92-TX7K4M-92TX7K`."""
    return "-".join(receipt[start : start + 6] for start in range(0, len(receipt), 6))


@intake.get("/thanks/<sealed>")
def show_thanks(sealed: str) -> Response:
    """Say thank you, give the receipt, and say what happens next."""
    return thanks_page(open_thanks(here().keyring, sealed))


def thanks_page(thanks: Thanks, **more: Any) -> Response:
    """Draw the thank-you as it is true by now; `more` is what only a shared tablet's page needs."""
    clinic, it = named_clinic(thanks.clinic_id), here()
    speak(thanks.language)
    with it.database.reading(None) as uow:
        reader = what_stands(uow.within(thanks.clinic_id), it.keyring, receipt=thanks.receipt)
    if reader is None:
        return pad_page(client_page("intake/not_kept.html", clinic=clinic, **more), THANKS_BYTES)
    page = client_page(
        "intake/thanks.html",
        clinic=clinic,
        therapist=thanks.therapist,
        is_shared=reader is Audience.THERAPIST,
        receipt=show_receipt(thanks.receipt),
        **more,
    )
    return pad_page(page, THANKS_BYTES)

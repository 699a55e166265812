"""The thank-you page: the same whatever was answered, and nothing of it is stored.

What it needs to say travels sealed in its own address; it never repeats an answer.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass

from flask import g, redirect
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.audience import Audience
from feedback.domain.clock import Clock
from feedback.domain.errors import KeysWrong, NotFound
from feedback.security.keyring import Keyring
from feedback.security.sealing import seal, unseal
from feedback.web.carried import beyond_back, start_of
from feedback.web.client_page import client_page
from feedback.web.intake import intake
from feedback.web.language import speak
from feedback.web.surfaces import here
from feedback.web.whose import named_clinic

WIPES = {"Clear-Site-Data": '"cache"'}
"""Makes the browser of a shared tablet forget the pages it would show again on Back."""

CLEARS_SECONDS = 20
"""How long a shared tablet shows a receipt."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """What the thank-you page says: whose, in which language, who reads it, and the receipt.

    `clears_at` is the Unix second from which a shared tablet shows it no more; 0 on somebody's own phone.
    """

    clinic_id: str
    language: str
    therapist: str
    audience: Audience
    receipt: str
    clears_at: int = 0


def seal_thanks(keyring: Keyring, thanks: Thanks) -> str:
    """Give the part of the address that only this installation can read."""
    sealed = seal(keyring, json.dumps(asdict(thanks)), "thanks")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_thanks(keyring: Keyring, sealed: str) -> Thanks:
    """Read it back. Raises `NotFound` for anything else."""
    try:
        raw = json.loads(unseal(keyring, base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), "thanks"))
    except (KeysWrong, binascii.Error, UnicodeEncodeError, ValueError) as error:
        raise NotFound("There is no page here.") from error
    return Thanks(**(raw | {"audience": Audience(raw["audience"])}))


def clearing_time(clock: Clock) -> int:
    """Give the Unix second at which a thank-you page sent for now is cleared."""
    return int(clock.now().timestamp()) + CLEARS_SECONDS


def show_receipt(receipt: str) -> str:
    """Return a receipt in three groups of six: `R4KM92-TX7K4M-92TX7K`."""
    return "-".join(receipt[start : start + 6] for start in range(0, len(receipt), 6))


@intake.get("/thanks/<sealed>")
def show_thanks(sealed: str) -> AnyResponse:
    """Say thank you, give the receipt, and say what happens next; on a shared tablet only while its time lasts."""
    thanks = open_thanks(here().keyring, sealed)
    g.kiosk = thanks.clears_at > 0
    clinic = named_clinic(thanks.clinic_id)
    speak(thanks.language)
    if g.kiosk and here().clock.now().timestamp() >= thanks.clears_at:
        return redirect(start_of(clinic), 303)
    response = client_page(
        "intake/thanks.html",
        clinic=clinic,
        therapist=thanks.therapist,
        is_shared=thanks.audience is Audience.THERAPIST,
        receipt=show_receipt(thanks.receipt),
        clears=CLEARS_SECONDS,
        until=thanks.clears_at,
    )
    if not g.kiosk:
        return response
    response.headers.update(WIPES)
    return beyond_back(response)

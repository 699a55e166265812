"""A code ready to be shown: on the screen, on a card, or as a link."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup

from feedback.domain.access import show_typed
from feedback.domain.care import Case, TherapySession
from feedback.persistence.database import UnitOfWork
from feedback.services.codes.issue_access_code import ShownCode, find_living_code, show_access_code
from feedback.web.qr import code_address, qr_svg
from feedback.web.surfaces import here


@dataclass(frozen=True, slots=True)
class Plate:
    """What the QR code holds, the characters to type, the link, whose it is and how long it lasts.

    `seat` is empty in individual work, where there is nobody to tell apart; `card` is the card to print and
    `panel` what a screen turned to the client shows, where one is drawn.
    """

    id: str
    square: Markup = field(repr=False)
    typed: str = field(repr=False)
    link: str = field(repr=False)
    domain: str
    issued_on: date
    closes_on: date | None
    seat: str = ""
    card: Markup = field(default=Markup(), repr=False)
    panel: Markup = field(default=Markup(), repr=False)


def living_plate(uow: UnitOfWork, case: Case, meeting: TherapySession | None, seat: str) -> Plate | None:
    """Return the living code of a meeting and seat, or of that seat's case card, while the case is open."""
    living = find_living_code(uow, here().clock, case=case, meeting=meeting, seat=seat) if case.is_open else None
    return draw_plate(show_access_code(uow, here().keyring, living), case) if living else None


def draw_plate(shown: ShownCode, case: Case, *, is_one_of_many: bool = False) -> Plate:
    """Draw a code of a case; on a sheet `is_one_of_many`."""
    base, seat = here().settings.base_url, shown.code.seat if case.seats > 1 else ""
    whose = f" for person {seat}" if seat else ""
    return Plate(
        id=shown.code.id,
        square=qr_svg(
            code_address(base, shown.token),
            f"QR code{whose}. It opens the check-in at {domain()}",
            is_one_of_many=is_one_of_many,
        ),
        typed=show_typed(shown.typed),
        link=f"{base}/F/{shown.token}",
        domain=domain(),
        issued_on=shown.code.issued_on,
        closes_on=shown.code.expires_on,
        seat=seat,
    )


def domain() -> str:
    """Return the name that stands in words beside every QR code."""
    return urlsplit(here().settings.base_url).netloc

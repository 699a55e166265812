"""A visit to a shared tablet: its addresses are sealed, live for minutes, and are no use once the visit has ended.

A browser can be made to ask again for whatever it once asked for. So nothing of a visit is at an address that somebody
else can know or that stays: each holds the whole visit, sealed under the data key, and the second at which it is over.
The server knows which visit goes on at each tablet. *Done*, *Clear this screen now*, each page's timer, the start page
and whoever begins another visit end it there; after that all of its addresses, old and new, lead to the start page.
Pages have no script and clear by themselves, so they can only ask to end with `GET`; ending twice is ending once.
"""

import base64
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NoReturn

from flask import abort, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain.errors import KeysWrong, NotSaved, TooManyForms
from feedback.persistence.database import UnitOfWork
from feedback.security.sealing import seal, unseal
from feedback.services.answers import tablet_visit
from feedback.services.answers.find_form import find_code
from feedback.services.answers.tablet_visit import Stage
from feedback.web.intake.form_key import new_key
from feedback.web.intake.tablet import keep_tablet, known_tablet, new_tablet
from feedback.web.intake.thanks import Thanks, as_thanks
from feedback.web.query_state import CLEARS_SECONDS, WIPES, carried
from feedback.web.surfaces import here

GRACE_SECONDS = 30
"""For a send that was on its way when the page cleared."""

NOT_NOW = "later"
"""What the start page is told where no visit can begin for up to a minute."""

_PLACE = "tablet visit"
_ID_LENGTH = 26


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that was sent with gaps: what was given as text, what is asked again by id, what was too long, and why."""

    given: Mapping[str, Sequence[str]]
    missed: Sequence[str]
    excess: Mapping[str, int]
    note: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at a tablet: whose and which, through which link, with which nonce, and until which Unix second.

    `returned` is what a form with gaps takes along, `thanks` what the thank-you says once something was sent.
    """

    clinic_id: str
    tablet: str
    id: str
    token: str
    nonce: str
    until: int
    returned: Returned | None = None
    thanks: Thanks | None = None

    def lasting(self, seconds: int) -> "Visit":
        """Return the same visit, over in so many seconds and not before."""
        return replace(self, until=math.ceil(here().clock.now().timestamp()) + seconds)


def begin_visit(token: str, clinic_id: str = "") -> AnyResponse:
    """Lead to the form of a link, in a visit of its own, which ends the one before on this tablet.

    Without a clinic the tablet is that of the link's own. Where nothing can be saved just now, or forms were opened too
    fast from here, it leads to the start page, which says so. Raises `AccessCodeUnknown`.
    """
    it, tablet = here(), known_tablet() or new_tablet()
    with it.database.reading(None) as uow:
        found = find_code(uow, it.clock, it.keyring, token=token)
    clinic_id = clinic_id or found.clinic.id
    try:
        visit = Visit(clinic_id, tablet, it.chance.text(_ID_LENGTH), token, new_key(token, found.sentence), 0)
        with it.database.writing(None) as uow:
            tablet_visit.begin_visit(uow, it.clock, it.keyring, tablet=tablet, visit_id=visit.id)
    except (NotSaved, TooManyForms):
        return to_start(clinic_id, slip=NOT_NOW, **carried())
    led = redirect(address_of("intake.show_tablet_form", visit.lasting(CLEARS_SECONDS)), 303)
    keep_tablet(led, tablet)
    return led


def address_of(endpoint: str, visit: Visit) -> str:
    """Return the address of a page of a visit."""
    return url_for(endpoint, clinic_id=visit.clinic_id, sealed=seal_visit(visit), **carried())


def seal_visit(visit: Visit) -> str:
    """Return the part of an address that only this installation can read, at most some 4,000 characters of it."""
    raw = asdict(visit)
    if visit.returned:  # this alone can be long, and the rest shall have a length that its words do not change
        raw["returned"] = base64.b85encode(zlib.compress(json.dumps(raw["returned"]).encode(), 9)).decode()
    sealed = seal(here().keyring, json.dumps(raw, ensure_ascii=False), _PLACE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_visit(clinic_id: str, sealed: str, *, grace: int = 0) -> Visit:
    """Return the visit of an address, and let this page clear when it is over, by ending it.

    Aborts with the start page for an address that is over, or none of ours.
    """
    visit = _unsealed(sealed)
    left = visit.until - here().clock.now().timestamp() if visit else 0
    if visit is None or visit.clinic_id != clinic_id or left + grace <= 0:
        leave(clinic_id)
    g.ends_at = url_for("intake.end_visit_here", clinic_id=clinic_id, sealed=sealed)
    g.helps_at = url_for("intake.help_in_visit", clinic_id=clinic_id, sealed=sealed, **carried())
    g.clears = max(int(left), 1)
    return visit


def check_going_on(uow: UnitOfWork, visit: Visit, *, is_unsent: bool = False) -> None:
    """Pass while a visit goes on, and its form was not sent where that is asked. Aborts with the start page."""
    stage = tablet_visit.stage_of(uow, here().keyring, tablet=visit.tablet, visit_id=visit.id)
    if stage is None or (is_unsent and stage is not Stage.FORM):
        leave(visit.clinic_id)


def end_on(uow: UnitOfWork, visit: Visit) -> None:
    """End a visit, and none that began on its tablet since."""
    tablet_visit.end_visit(uow, here().keyring, tablet=visit.tablet, visit_id=visit.id)


def leave(clinic_id: str) -> NoReturn:
    """Abort with the tablet's start page."""
    abort(to_start(clinic_id))


def to_start(clinic_id: str, **query: Any) -> AnyResponse:
    """Lead to the tablet's start page, with nothing of the person before."""
    response = redirect(url_for("intake.start_tablet", clinic_id=clinic_id, **query), 303)
    response.headers.update(WIPES)
    return response


def _unsealed(sealed: str) -> Visit | None:
    try:
        raw = json.loads(unseal(here().keyring, base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), _PLACE))
    except (KeysWrong, ValueError):  # not in our alphabet, or not sealed here
        return None
    returned, thanks = raw["returned"], raw["thanks"]
    unpacked = returned and Returned(**json.loads(zlib.decompress(base64.b85decode(returned))))
    known = {"returned": unpacked, "thanks": thanks and as_thanks(thanks)}
    return Visit(**(raw | known))

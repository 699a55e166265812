"""Who is signed in: a cookie that holds a random token, and nothing else. The session itself is on the server.

Flask's own session is not used anywhere: it would put content into the browser, and could not be taken back.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from feedback.bootstrap import Installation
from feedback.domain.care import Clinic, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import NotSaved
from feedback.persistence.accounts.accounts import touch_session
from feedback.persistence.clinic.clinics import get_clinic
from feedback.services.accounts.keep_signed_in import (
    LONGEST,
    end_sessions,
    find_session,
    is_to_be_noted,
    session_hash,
    sign_out,
    start_session,
)
from feedback.services.accounts.sign_in import Account
from feedback.web.known_device import remember_device
from feedback.web.surfaces import here

RECENT = timedelta(minutes=10)
"""How long after both steps were shown an account's own password and second step may be changed."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account behind a request and its clinic. `csrf_secret` is known to this session's pages alone.

    `confirmed_at` is when both steps were last shown; empty while a new account still has to set up its second one.
    """

    staff: Staff
    clinic: Clinic
    confirmed_at: datetime | None
    csrf_secret: str = field(repr=False)

    @property
    def is_complete(self) -> bool:
        """True once both steps were shown: only then does the session open anything but the second step's own page."""
        return self.confirmed_at is not None

    def has_just_confirmed(self, clock: Clock) -> bool:
        """Return whether both steps were shown within the last ten minutes."""
        return self.confirmed_at is not None and clock.now() - self.confirmed_at < RECENT


def cookie_name(joined: Installation) -> str:
    """Name the cookie: bound to host and https where there is https, plain on loopback and in the demo."""
    return "__Host-feedback" if joined.settings.is_secure else "feedback_staff"


def signed_in() -> SignedIn | None:
    """Return who is signed in, looked up once per request."""
    if "signed_in" not in g:
        g.signed_in = _look_up(here())
    found: SignedIn | None = g.signed_in
    return found


def _look_up(joined: Installation) -> SignedIn | None:
    cookie = request.cookies.get(cookie_name(joined))
    if not cookie:
        return None
    with joined.database.reading(None) as uow:
        found = find_session(uow, joined.clock, joined.keyring, cookie)
        if found is None:
            return None
        inside, session = found
        clinic = get_clinic(inside)
    if is_to_be_noted(session, joined.clock):
        with suppress(NotSaved), joined.database.writing(clinic.id) as uow:  # who only reads need not be held up
            touch_session(uow, session.hashed, joined.clock.now())
    secret = joined.keyring.hash("staff-pages", "csrf", cookie).hex()
    return SignedIn(session.staff, clinic, session.confirmed_at, secret)


def open_session(response: Response, account: Account, *, is_complete: bool) -> Response:
    """Sign an account in: end the session this browser had, start a new one, and set its cookie.

    Complete when both steps were shown; else it leads to setting up the second one, and nowhere else.
    """
    joined = here()
    _end_present_session()
    with joined.database.writing(account.clinic.id) as uow:
        cookie = start_session(
            uow, joined.clock, joined.keyring, joined.chance, staff=account.staff, is_complete=is_complete
        )
    response.set_cookie(cookie_name(joined), cookie, max_age=LONGEST, **_cookie_terms(joined))
    if is_complete:
        remember_device(response, account.staff.email)
    return response


def close_session(response: Response) -> Response:
    """Sign out: the session ends on the server, and the browser forgets its cookie."""
    it, who = here(), signed_in()
    if who:
        with it.database.writing(who.clinic.id) as uow:
            sign_out(uow, it.clock, it.keyring, staff=who.staff, hashed=own_hash())
    return forget_cookie(response)


def forget_cookie(response: Response) -> Response:
    """Let the browser forget the cookie of a session that has ended."""
    response.delete_cookie(cookie_name(here()), **_cookie_terms(here()))
    return response


def own_hash() -> bytes:
    """Return the hash of the session this request belongs to."""
    return session_hash(here().keyring, request.cookies.get(cookie_name(here()), ""))


def _end_present_session() -> None:
    joined, who = here(), signed_in()
    if who:
        with joined.database.writing(who.clinic.id) as uow:
            end_sessions(uow, (own_hash(),))


def _cookie_terms(joined: Installation) -> dict[str, Any]:
    """Return what the cookie is bound to. `Lax`, so that a link in a mail still finds one signed in."""
    return {"secure": joined.settings.is_secure, "httponly": True, "samesite": "Lax", "path": "/"}

"""The cookie by which an account knows a browser again, and what bounds a try to sign in from it."""

from flask import request
from werkzeug.wrappers import Response

from feedback.security.known_device import device_of, mark_device
from feedback.services.accounts.sign_in import Guard, fold_email
from feedback.web.rate_limit import origin_here
from feedback.web.surfaces import here

_A_YEAR = 365 * 24 * 3600


def guard_for(email: str) -> Guard:
    """Return what bounds a try at this account from this browser."""
    it = here()
    return Guard(it.limiter, it.hashing, origin_here(), device_here(email))


def device_here(email: str) -> bytes | None:
    """Return which device of an account this browser is, if it is one."""
    return device_of(here().keyring, request.cookies.get(_name(), ""), fold_email(email))


def remember_device(response: Response, email: str) -> None:
    """Let this browser be known to an account that has just shown both steps."""
    it = here()
    cookie = mark_device(it.keyring, it.chance, request.cookies.get(_name(), ""), fold_email(email))
    response.set_cookie(
        _name(), cookie, max_age=_A_YEAR, secure=it.settings.is_secure, httponly=True, samesite="Lax", path="/"
    )


def _name() -> str:
    return "__Host-feedback-device" if here().settings.is_secure else "feedback_device"

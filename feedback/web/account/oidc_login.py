"""Leaving for the organisation's sign-in, and the cookie that remembers what for."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from feedback.domain.errors import ProviderAway, Refused
from feedback.persistence.accounts.identities import identity_of
from feedback.security.provider.oidc_state import LASTS, Purpose, begin_attempt, seal_attempt
from feedback.services.accounts.accept_invitation import find_invited
from feedback.web.access import me, public, requires
from feedback.web.account.forms import SignInForm
from feedback.web.account.login_flow import sign_in_page, wanted
from feedback.web.account.provider_here import the_provider
from feedback.web.rate_limit import origin_here
from feedback.web.request_uow import reading
from feedback.web.staff_session import own_hash
from feedback.web.surfaces import here


@public
def sign_in() -> Any:
    """Leave for the organisation's sign-in, to come back signed in."""
    return _leave(Purpose.SIGN_IN, onward=wanted() or "")


@public
def take_up(token: str) -> Any:
    """Leave for the organisation's sign-in, to take up an invitation without a password."""
    it = here()
    the_provider()
    with it.database.reading(None) as uow:
        find_invited(uow, it.clock, it.keyring, token)
    return _leave(Purpose.INVITATION, bound=token)


@requires()
def confirm() -> Any:
    """Leave for the organisation's sign-in, to show there once more who one is."""
    return _leave(Purpose.CONFIRM, onward=wanted() or "", bound=own_hash().hex())


@requires(just_confirmed=True)
def link() -> Any:
    """Say what linking one's account means, with the way to the organisation's sign-in. No link leads there at once."""
    provider = the_provider()
    with reading() as uow:
        if identity_of(uow, me().staff.id) is not None:
            raise Refused("This account is linked with your organisation’s sign-in already.")
    address, cookie = _begin(Purpose.LINK, bound=own_hash().hex())
    page = render_template("account/link_provider.html", address=address, host=provider.host)
    return _remember(Response(page, content_type="text/html; charset=utf-8"), cookie)


def given_back() -> str:
    """Return the cookie that this browser left with."""
    return request.cookies.get(_cookie_name(), "")


def forget(response: Response) -> Response:
    """Let the browser forget what it left with."""
    response.delete_cookie(_cookie_name(), **_terms())
    return response


def _leave(purpose: Purpose, *, onward: str = "", bound: str = "") -> Any:
    the_provider()
    try:
        address, cookie = _begin(purpose, onward=onward, bound=bound)
    except ProviderAway as error:
        return sign_in_page(SignInForm(formdata=None), 503, str(error))
    return _remember(redirect(address, 303), cookie)


def _begin(purpose: Purpose, *, onward: str = "", bound: str = "") -> tuple[str, str]:
    """Return where to go and what to remember. Raises `ProviderAway`, or `TooManyTries` where many ask at once."""
    it = here()
    attempt = begin_attempt(it.clock, it.chance, purpose, onward=onward, bound=bound)
    with it.provider_calls.turn(origin_here()):
        address = the_provider().address_for(attempt, it.clock)
    return address, seal_attempt(it.keyring, attempt)


def _remember(response: Response, cookie: str) -> Response:
    response.set_cookie(_cookie_name(), cookie, max_age=LASTS, **_terms())
    return response


def _cookie_name() -> str:
    return "__Host-feedback-provider" if here().settings.is_secure else "feedback_provider"


def _terms() -> dict[str, Any]:
    """Return what the cookie is bound to. `Lax`: it has to come along when the provider leads back here."""
    return {"secure": here().settings.is_secure, "httponly": True, "samesite": "Lax", "path": "/"}

"""Back from the organisation's sign-in: what the browser left with and what it brings have to fit together."""

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for

from feedback.domain.errors import InvitationInvalid, ProviderAway, ProviderRefused, Refused, TooManyTries
from feedback.domain.limits import PROVIDER
from feedback.persistence.clinic.clinics import get_clinic
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.security.provider.oidc_state import NOT_BEGUN_HERE, Attempt, Purpose, open_attempt
from feedback.services.accounts.accept_invitation import find_invited
from feedback.services.accounts.link_identity import accept_through_provider, link_identity
from feedback.services.accounts.sign_in import Account, email_salt
from feedback.services.accounts.sign_in_with_provider import (
    ROLE_LOST,
    find_vouched,
    may_enter,
    note_refusal,
    use_up_attempt,
)
from feedback.web.access import me, public
from feedback.web.account.forms import SignInForm
from feedback.web.account.login_flow import after_first_step, ask_which, come_back_later, enter, sign_in_page
from feedback.web.account.oidc_login import forget, given_back
from feedback.web.account.provider_here import the_provider
from feedback.web.rate_limit import origin_here
from feedback.web.request_uow import writing
from feedback.web.staff_session import open_session, own_hash, signed_in
from feedback.web.surfaces import here


@public
def come_back() -> Any:
    """Take up what the organisation's sign-in says about whoever left for it from this browser."""
    it = here()
    the_provider()
    try:
        counted = it.limiter.begin(PROVIDER, origin_here(), it.clock.now().timestamp())
        attempt = open_attempt(it.keyring, it.clock, given_back(), request.args.get("state", ""))
        with it.provider_calls.turn(origin_here()):
            use_up_attempt(it.database, it.clock, it.keyring, attempt)
            vouched = _vouched(attempt)
        answer = _GOES_ON[attempt.purpose](attempt, vouched)
        counted.take_back()
    except ProviderRefused as error:
        note_refusal(it.database, it.clock, it.keyring, error.reason)
        answer = _page(str(error), 403)
    except TooManyTries as error:
        answer = come_back_later(_page(str(error), 429), error)
    except ProviderAway as error:
        answer = _page(str(error), 503)
    except (InvitationInvalid, Refused) as error:
        answer = _page(str(error), 409)
    return forget(make_response(answer))


def _vouched(attempt: Attempt) -> Vouched:
    """Ask the provider whom the code stands for that came back. Raises `ProviderRefused` or `ProviderAway`."""
    code = request.args.get("code", "")
    if request.args.get("error") or not code:
        raise ProviderRefused("Your organisation’s sign-in was not finished. You can begin again.", "not finished")
    return the_provider().vouch(attempt, code=code, issuer=request.args.get("iss"), clock=here().clock)


def _signs_in(attempt: Attempt, vouched: Vouched) -> Any:
    opened = _opened(vouched)
    if len(opened) > 1:
        return ask_which(opened, onward=attempt.onward, both_shown=_proves_both(vouched))
    return _goes_in(opened[0], vouched, attempt.onward)


def _confirms(attempt: Attempt, vouched: Vouched) -> Any:
    _check_same_session(attempt)
    own = [one for one in _opened(vouched) if (one.clinic.id, one.staff.id) == (me().clinic.id, me().staff.id)]
    if not own:
        raise ProviderRefused("That is somebody else’s sign-in. Please confirm with your own.", "somebody else")
    return _goes_in(own[0], vouched, attempt.onward or url_for("account.show"))


def _links(attempt: Attempt, vouched: Vouched) -> Any:
    _check_same_session(attempt)
    it, account = here(), Account(me().clinic, me().staff)
    _check_role(account, vouched)
    with writing() as uow:
        hashed = identity_hash(it.keyring, vouched)
        link_identity(uow, it.clock, it.keyring, journal=it.journal, staff=account.staff, hashed=hashed)
    return open_session(redirect(url_for("account.show", changed="link"), 303), account, is_complete=True)


def _takes_up(attempt: Attempt, vouched: Vouched) -> Any:
    it = here()
    with it.database.reading(None) as uow:
        inside, person = find_invited(uow, it.clock, it.keyring, attempt.bound)
        account = Account(get_clinic(inside), person)
    _check_role(account, vouched)
    with it.hashing.turn(origin_here()):
        unused = it.passwords.hash(it.chance.text(52), salt=email_salt(it.keyring, person.email))
    with it.database.writing(None) as uow:
        inside, person = find_invited(uow, it.clock, it.keyring, attempt.bound)
        hashed = identity_hash(it.keyring, vouched)
        person = accept_through_provider(
            inside, it.clock, it.keyring, journal=it.journal, staff=person, hashed=hashed, unused_password=unused
        )
    return _goes_in(Account(account.clinic, person), vouched, None)


_GOES_ON: dict[Purpose, Callable[[Attempt, Vouched], Any]] = {
    Purpose.SIGN_IN: _signs_in,
    Purpose.CONFIRM: _confirms,
    Purpose.LINK: _links,
    Purpose.INVITATION: _takes_up,
}


def _goes_in(account: Account, vouched: Vouched, onward: str | None) -> Any:
    """Sign in when the provider proves both steps; else our own second step follows, as after a password."""
    return enter(account, onward) if _proves_both(vouched) else after_first_step(account, onward)


def _opened(vouched: Vouched) -> tuple[Account, ...]:
    it = here()
    return find_vouched(it.database, it.clock, it.keyring, vouched, it.settings.oidc_roles)


def _proves_both(vouched: Vouched) -> bool:
    wanted = {word.strip() for word in here().settings.oidc_second_step.split(",")} - {""}
    return bool(wanted & vouched.means)


def _check_role(account: Account, vouched: Vouched) -> None:
    if not may_enter(vouched, here().settings.oidc_roles, account.staff.role):
        raise ProviderRefused(ROLE_LOST, "no group for the role")


def _check_same_session(attempt: Attempt) -> None:
    """Pass when the browser is signed in as when it left. Raises `ProviderRefused`."""
    who = signed_in()
    if who is None or not who.is_complete or attempt.bound != own_hash().hex():
        raise ProviderRefused(NOT_BEGUN_HERE, "another session")


def _page(problem: str, status: int) -> tuple[str, int]:
    who = signed_in()
    if who is None or not who.is_complete:
        return sign_in_page(SignInForm(formdata=None), status, problem)
    return render_template("account/not_confirmed.html", problem=problem), status

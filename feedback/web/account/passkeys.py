"""Passkeys in the browser: signing in with one, adding one, taking one off."""

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.errors import PasskeyRefused
from feedback.persistence.accounts.passkeys import list_passkeys
from feedback.services.accounts.keep_passkeys import NAME_LENGTH, add_passkey, offer_passkey, remove_passkey
from feedback.services.accounts.sign_in_with_passkey import sign_in_with_passkey
from feedback.web.access import me, public, requires
from feedback.web.account.forms import EmptyForm, NewPasskeyForm, PasskeyForm, SignInForm
from feedback.web.account.login_flow import enter, sign_in_page, site
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here


@public
def sign_in() -> Any:
    """Sign in with a passkey: both steps in one."""
    it, form = here(), PasskeyForm()
    try:
        account = sign_in_with_passkey(
            it.database, it.clock, it.keyring, site=site(), answer=str(form.answer.data or "")
        )
    except PasskeyRefused as error:
        return sign_in_page(SignInForm(formdata=None), 403, str(error))
    return enter(account)


@requires(just_confirmed=True)
def show() -> str:
    """List one's passkeys, and offer to make one on this device or a key."""
    return _page()


@requires(just_confirmed=True)
def add() -> Response | tuple[str, int]:
    """Keep the passkey that was just made."""
    it, form = here(), NewPasskeyForm()
    check(form)
    try:
        with writing() as uow:
            add_passkey(
                uow,
                it.clock,
                it.keyring,
                it.chance,
                site=site(),
                staff=me().staff,
                answer=str(form.answer.data),
                name=str(form.name.data or ""),
            )
    except PasskeyRefused as error:
        return _page(str(error)), 400
    return redirect(url_for("account.passkeys"), 303)


@requires(just_confirmed=True)
def remove(passkey_id: str) -> Response:
    """Take a passkey off one's account."""
    it = here()
    check(EmptyForm())
    with writing() as uow:
        remove_passkey(uow, it.clock, it.keyring, journal=it.journal, staff=me().staff, passkey_id=passkey_id)
    return redirect(url_for("account.passkeys"), 303)


def _page(problem: str = "") -> str:
    it = here()
    with reading() as uow:
        mine = list_passkeys(uow, me().staff.id)
        options = offer_passkey(uow, it.clock, it.keyring, it.chance, site=site(), staff=me().staff)
    return render_template(
        "account/passkeys.html",
        passkeys=mine,
        options=options if site().may_have_passkeys else "",
        problem=problem,
        longest=NAME_LENGTH,
    )

"""Signing in, its first step, and signing out."""

from typing import Any

from flask import redirect, request

from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.services.accounts.sign_in import Account
from feedback.services.accounts.sign_in import sign_in as open_accounts
from feedback.web.access import public
from feedback.web.account.forms import EmptyForm, RoleForm, SignInForm
from feedback.web.account.login_flow import (
    after_first_step,
    ask_which,
    chosen_account,
    come_back_later,
    enter,
    sign_in_page,
)
from feedback.web.account.login_ticket import both_were_shown
from feedback.web.known_device import guard_for
from feedback.web.staff_pages import home_of
from feedback.web.staff_session import close_session, signed_in
from feedback.web.surfaces import here


@public
def sign_in() -> Any:
    """Ask for e-mail and password; with several accounts, which one next."""
    who, form = signed_in(), SignInForm()
    if request.method != "POST" and who and who.is_complete:
        return redirect(home_of(who.staff.role), 303)
    if not form.validate_on_submit():
        return sign_in_page(form, 400 if form.is_submitted() else 200)
    try:
        opened = _opened(form)
    except SignInFailed as error:
        return sign_in_page(form, 403, str(error))
    except TooManyTries as error:
        return come_back_later(sign_in_page(form, 429, str(error)), error)
    if len(opened) == 1:
        return after_first_step(opened[0])
    return ask_which(opened)


@public
def choose_role() -> Any:
    """Go on with the account chosen after the first step."""
    form = RoleForm()
    try:
        account = chosen_account(form.ticket.data or "", form.account.data or "")
    except SignInFailed as error:
        return sign_in_page(SignInForm(formdata=None), 403, str(error))
    return enter(account) if both_were_shown(form.ticket.data or "") else after_first_step(account)


@public
def sign_out() -> Any:
    """Sign out. Signed out already is fine; a foreign page cannot do it for somebody."""
    if signed_in() and not EmptyForm().validate():
        return redirect("/", 303)
    response = close_session(redirect("/sign-in", 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _opened(form: SignInForm) -> tuple[Account, ...]:
    it = here()
    email, password = str(form.email.data), str(form.password.data)
    return open_accounts(
        it.database, it.clock, it.keyring, it.passwords, email=email, password=password, guard=guard_for(email)
    )

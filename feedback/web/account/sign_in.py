"""Signing in, its first step, and signing out."""

import time
from typing import Any

from flask import redirect, render_template, request

from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.services.accounts.sign_in import Account
from feedback.services.accounts.sign_in import sign_in as open_accounts
from feedback.web.access import public
from feedback.web.account.entering import after_password, chosen_account, come_back_later, sign_in_page, wanted
from feedback.web.account.forms import EmptyForm, RoleForm, SignInForm
from feedback.web.account.ticket import account_key, make_ticket
from feedback.web.staff_pages import home_of
from feedback.web.staff_session import close_session, signed_in
from feedback.web.surfaces import here


@public
def sign_in() -> Any:
    """Ask for e-mail and password; with several accounts, which one next."""
    who, form = signed_in(), SignInForm()
    if request.method == "GET" and who and who.is_complete:
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
        return after_password(opened[0])
    it = here()
    ticket = make_ticket(it.keyring, it.clock, opened)
    choices = [(account_key(account), account) for account in opened]
    return render_template("account/choose_role.html", ticket=ticket, choices=choices, next=wanted())


@public
def choose_role() -> Any:
    """Go on with the account chosen after the password."""
    form = RoleForm()
    try:
        account = chosen_account(form.ticket.data or "", form.account.data or "")
    except SignInFailed as error:
        return sign_in_page(SignInForm(formdata=None), 403, str(error))
    return after_password(account)


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
        it.database, it.clock, it.keyring, it.passwords, email=email, password=password, pause=time.sleep
    )

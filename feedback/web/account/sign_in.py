"""Signing in and out."""

import time
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.persistence.accounts import get_staff
from feedback.persistence.clinics import get_clinic
from feedback.services.sign_in import Account
from feedback.services.sign_in import sign_in as open_accounts
from feedback.web.access import public
from feedback.web.account.forms import EmptyForm, RoleForm, SignInForm
from feedback.web.account.ticket import account_key, make_ticket, read_ticket
from feedback.web.staff_pages import home_of
from feedback.web.staff_session import close_session, open_session, signed_in
from feedback.web.surfaces import here


@public
def sign_in() -> Any:
    """Ask for e-mail and password; with several accounts, which one next."""
    who, form = signed_in(), SignInForm()
    if request.method == "GET" and who:
        return redirect(home_of(who.staff.role), 303)
    if not form.validate_on_submit():
        return _page(form, 400 if form.is_submitted() else 200)
    try:
        opened = _opened(form)
    except SignInFailed as error:
        return _page(form, 403, str(error))
    except TooManyTries as error:
        return _page(form, 429, str(error)), {"Retry-After": str(error.retry_after_seconds)}
    if len(opened) == 1:
        return _enter(opened[0])
    it = here()
    ticket = make_ticket(it.keyring, it.clock, opened)
    choices = [(account_key(account), account) for account in opened]
    return render_template("account/choose_role.html", ticket=ticket, choices=choices, next=_wanted())


@public
def choose_role() -> Any:
    """Enter with the account chosen after the password."""
    it, form = here(), RoleForm()
    try:
        clinic_id, staff_id = read_ticket(it.keyring, it.clock, form.ticket.data or "", form.account.data or "")
    except SignInFailed as error:
        return _page(SignInForm(formdata=None), 403, str(error))
    with it.database.reading(clinic_id) as uow:
        account = Account(get_clinic(uow), get_staff(uow, staff_id))
    return _enter(account) if account.staff.is_active else _page(SignInForm(formdata=None), 403)


@public
def sign_out() -> Any:
    """Sign out. Signed out already is fine; a foreign page cannot do it for somebody."""
    if signed_in() and not EmptyForm().validate():
        return redirect("/", 303)
    return close_session(redirect("/sign-in", 303))


def _opened(form: SignInForm) -> tuple[Account, ...]:
    it = here()
    email, password = str(form.email.data), str(form.password.data)
    return open_accounts(
        it.database, it.clock, it.keyring, it.passwords, email=email, password=password, pause=time.sleep
    )


def _enter(account: Account) -> Response:
    return open_session(redirect(_wanted() or home_of(account.staff.role), 303), account)


def _wanted() -> str | None:
    """Give the page that was asked for before signing in: a path of this site, never another one."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours and "\\" not in wanted else None


def _page(form: SignInForm, status: int, problem: str = "") -> tuple[str, int]:
    return render_template("account/sign_in.html", form=form, problem=problem, next=_wanted()), status

"""From the right password to a signed-in browser: the second step lies between, whatever the way to here was."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.clinic.clinics import get_clinic
from feedback.security.passkeys import Site
from feedback.services.accounts.confirm_second_step import confirm_second_step, has_second_step
from feedback.services.accounts.sign_in import Account
from feedback.services.accounts.sign_in_with_passkey import ask_for_passkey
from feedback.web.access import public
from feedback.web.account.forms import CodeForm, SignInForm
from feedback.web.account.login_ticket import account_key, make_ticket, read_ticket
from feedback.web.account.provider_here import has_provider
from feedback.web.known_device import device_here
from feedback.web.staff_pages import home_of
from feedback.web.staff_session import open_session
from feedback.web.surfaces import here


def after_first_step(account: Account, onward: str | None = None) -> Any:
    """Ask for the second step; who has none yet may do nothing but set it up. Then lead to `onward`."""
    it = here()
    with it.database.reading(account.clinic.id) as uow:
        is_set_up = has_second_step(uow, account.staff)
    if is_set_up:
        return _code_page(CodeForm(formdata=None), account, 200, onward)
    first = redirect(url_for("account.second_step", next=onward or wanted()), 303)
    return open_session(first, account, is_complete=False)


@public
def enter_code() -> Any:
    """Sign in with the second step, if the ticket of the first one still holds."""
    it, form = here(), CodeForm()
    if request.method != "POST":
        return redirect(url_for("account.sign_in"), 303)
    try:
        account = chosen_account(form.ticket.data or "", form.account.data or "")
    except SignInFailed as error:
        return sign_in_page(SignInForm(formdata=None), 403, str(error))
    if not form.validate():
        return _code_page(form, account, 400)
    try:
        confirm_second_step(
            it.database,
            it.clock,
            it.keyring,
            journal=it.journal,
            account=account,
            code=str(form.code.data),
            on_known_device=device_here(account.staff.email) is not None,
        )
    except SignInFailed as error:
        form.code.errors = [str(error)]
        return _code_page(form, account, 403)
    except TooManyTries as error:
        return come_back_later(sign_in_page(SignInForm(formdata=None), 429, str(error)), error)
    return enter(account)


def enter(account: Account, onward: str | None = None) -> Response:
    """Sign in an account that has shown both steps."""
    return open_session(redirect(onward or wanted() or home_of(account.staff.role), 303), account, is_complete=True)


def ask_which(opened: Sequence[Account], *, onward: str | None = None, both_shown: bool = False) -> str:
    """Draw the page that asks which of several accounts to use today."""
    it = here()
    ticket = make_ticket(it.keyring, it.clock, opened, both_shown=both_shown)
    choices = [(account_key(account), account) for account in opened]
    return render_template("account/choose_role.html", ticket=ticket, choices=choices, next=onward or wanted())


def chosen_account(ticket: str, key: str) -> Account:
    """Return the account a ticket was made out for. Raises `SignInFailed` when it does not hold, or not any more."""
    it = here()
    clinic_id, staff_id = read_ticket(it.keyring, it.clock, ticket, key)
    with it.database.reading(clinic_id) as uow:
        account = Account(get_clinic(uow), get_staff(uow, staff_id))
    if not account.staff.is_active:
        raise SignInFailed("This account cannot be used just now. Ask your clinic.")
    return account


def wanted() -> str | None:
    """Return the page that was asked for before signing in: a path of this site, never another one."""
    asked = request.values.get("next", "")
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if is_ours and "\\" not in asked else None


def sign_in_page(form: SignInForm, status: int, problem: str = "") -> tuple[str, int]:
    """Draw the page of the first step."""
    it, ours = here(), site()
    options = ask_for_passkey(it.clock, it.keyring, it.chance, ours) if ours.may_have_passkeys else ""
    page = render_template(
        "account/sign_in.html",
        form=form,
        problem=problem,
        next=wanted(),
        passkey_options=options,
        has_provider=has_provider(),
    )
    return page, status


def site() -> Site:
    """Return where passkeys are for."""
    return Site(here().settings.base_url, "Rapport")


def come_back_later(page: tuple[str, int], error: TooManyTries) -> Any:
    """Return a page that says when trying again may help, in seconds, to programs as well."""
    return *page, {"Retry-After": str(error.retry_after_seconds)}


def _code_page(form: CodeForm, account: Account, status: int, onward: str | None = None) -> tuple[str, int]:
    """Draw the page of the second step, with the ticket that is good for five minutes after the password."""
    it = here()
    ticket = form.ticket.data or make_ticket(it.keyring, it.clock, (account,))
    onward = onward or wanted()
    page = render_template("account/code.html", form=form, ticket=ticket, account=account_key(account), next=onward)
    return page, status

"""Both steps once more, before an account's own password or second step is changed."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for

from feedback.domain.errors import SignInFailed, TooManyTries
from feedback.persistence.accounts.identities import identity_of
from feedback.services.accounts.confirm_second_step import confirm_second_step
from feedback.services.accounts.sign_in import Account, sign_in
from feedback.web.access import me, requires
from feedback.web.account.forms import ConfirmForm
from feedback.web.account.login_flow import come_back_later, wanted
from feedback.web.account.provider_here import has_provider
from feedback.web.known_device import guard_for
from feedback.web.request_uow import reading
from feedback.web.staff_session import open_session, own_hash
from feedback.web.surfaces import here


@requires()
def confirm() -> Any:
    """Ask for password and code; with both, go on under a new cookie."""
    form = ConfirmForm()
    if request.method != "POST" or not form.validate():
        return _page(form, 400 if request.method == "POST" else 200)
    account = Account(me().clinic, me().staff)
    try:
        _show_both_steps(account, str(form.password.data), str(form.code.data))
    except SignInFailed as error:
        return _page(form, 403, str(error))
    except TooManyTries as error:
        return come_back_later(_page(form, 429, str(error)), error)
    return open_session(redirect(wanted() or url_for("account.show"), 303), account, is_complete=True)


def _show_both_steps(account: Account, password: str, code: str) -> None:
    it, email = here(), account.staff.email
    guard = replace(guard_for(email), device=own_hash())  # who is signed in has shown already that they are known
    opened = sign_in(
        it.database,
        it.clock,
        it.keyring,
        it.passwords,
        email=email,
        password=password,
        guard=guard,
    )
    if account.staff.id not in {one.staff.id for one in opened}:
        raise SignInFailed("That is the password of another of your accounts.")
    confirm_second_step(
        it.database, it.clock, it.keyring, journal=it.journal, account=account, code=code, on_known_device=True
    )


def _page(form: ConfirmForm, status: int, problem: str = "") -> tuple[str, int]:
    with reading() as uow:
        link = identity_of(uow, me().staff.id) if has_provider() else None
    return render_template("account/confirm.html", form=form, problem=problem, next=wanted(), link=link), status

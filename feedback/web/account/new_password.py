"""A password of one's own choosing: the first one, and every later one."""

from typing import Any

from flask import redirect, render_template, request, url_for

from feedback.domain.errors import PasswordTooWeak
from feedback.security.credentials import SHORTEST
from feedback.services.accounts.change_password import change_password
from feedback.services.accounts.sign_in import Account, email_salt
from feedback.web.access import me, requires
from feedback.web.account.forms import NewPasswordForm, PasswordForm
from feedback.web.known_device import guard_for
from feedback.web.request_uow import writing
from feedback.web.staff_session import open_session
from feedback.web.surfaces import here


@requires(just_confirmed=True)
def change() -> Any:
    """Ask for a new password; with one, sign out every other browser."""
    it, form, account = here(), NewPasswordForm(), Account(me().clinic, me().staff)
    hashed = hash_new_password(form, account) if form.validate_on_submit() else None
    if hashed is None:
        page = render_template("account/new_password.html", form=form, shortest=SHORTEST)
        return page, 400 if request.method == "POST" else 200
    with writing() as uow:
        change_password(uow, it.clock, it.keyring, journal=it.journal, staff=account.staff, password_hash=hashed)
    return open_session(redirect(url_for("account.show", changed="password"), 303), account, is_complete=True)


def hash_new_password(form: PasswordForm | NewPasswordForm, account: Account) -> str | None:
    """Hash what was typed, or say beside the field why it will not do: too short, or what a guesser tries first."""
    it, staff = here(), account.staff
    try:
        with it.hashing.turn(guard_for(staff.email).place):
            return it.passwords.hash(
                str(form.password.data),
                salt=email_salt(it.keyring, staff.email),
                about=(staff.email, staff.display_name, account.clinic.name),
            )
    except PasswordTooWeak as error:
        form.password.errors = [str(error)]
        return None

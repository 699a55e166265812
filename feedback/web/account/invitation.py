"""Taking up an invitation."""

from typing import Any

from flask import render_template

from feedback.persistence.clinic.clinics import get_clinic
from feedback.security.credentials import SHORTEST
from feedback.services.accounts.accept_invitation import accept_invitation, find_invited
from feedback.services.accounts.sign_in import Account
from feedback.web.access import public
from feedback.web.account.forms import PasswordForm
from feedback.web.account.login_flow import after_first_step
from feedback.web.account.new_password import hash_new_password
from feedback.web.account.provider_here import has_provider
from feedback.web.surfaces import here


@public
def take_up(token: str) -> Any:
    """Show whose invitation this is and ask for a password; with one, go on to the second step.

    Opening the link uses nothing up. For an account that has a second step, a new password alone opens nothing.
    """
    it, form = here(), PasswordForm()
    with it.database.reading(None) as uow:
        inside, person = find_invited(uow, it.clock, it.keyring, token)
        clinic = get_clinic(inside)
    hashed = hash_new_password(form, Account(clinic, person)) if form.validate_on_submit() else None
    if hashed is None:
        page = render_template(
            "account/invitation.html",
            form=form,
            person=person,
            clinic=clinic,
            shortest=SHORTEST,
            token=token if has_provider() and not person.is_active else "",
        )
        return page, 400 if form.is_submitted() else 200
    with it.database.writing(None) as uow:
        inside, person = find_invited(uow, it.clock, it.keyring, token)
        person = accept_invitation(inside, it.clock, it.keyring, journal=it.journal, staff=person, password_hash=hashed)
    return after_first_step(Account(clinic, person))

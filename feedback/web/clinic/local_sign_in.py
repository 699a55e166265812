"""A way in for the day the organisation's sign-in fails: letting single accounts use their own password beside it.

The admin decides who, and never learns or sets anything that opens an account: see docs/decisions/0010.
"""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import Refused
from feedback.persistence.accounts.accounts import get_staff
from feedback.persistence.accounts.identities import identity_of
from feedback.services.accounts.link_identity import NOT_LINKED, break_glass
from feedback.web.access import me, requires
from feedback.web.clinic.forms import LocalSignInForm
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here


@requires(Role.CLINIC_ADMIN, just_confirmed=True)
def show(staff_id: str) -> str:
    """Say what a password beside the organisation's sign-in means for somebody, with the button for it."""
    with reading() as uow:
        person, link = get_staff(uow, staff_id), identity_of(uow, staff_id)
    if link is None:
        raise Refused(NOT_LINKED)
    return render_template("clinic/local_sign_in.html", person=person, link=link, is_me=person.id == me().staff.id)


@requires(Role.CLINIC_ADMIN, just_confirmed=True)
def change(staff_id: str) -> Response:
    """Allow or end it, as the button says: an end signs the account out everywhere."""
    it, form = here(), LocalSignInForm()
    check(form)
    with writing() as uow:
        person = get_staff(uow, staff_id)
        break_glass(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            staff=person,
            allowed=form.change.data == "allow",
            by=me().staff.id,
        )
    return redirect(url_for("clinic.people"), 303)

"""People with an account: inviting them, giving them a fresh link, disabling and enabling them."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import Refused
from feedback.persistence.accounts.accounts import get_staff, list_staff
from feedback.persistence.accounts.identities import list_identities
from feedback.persistence.clinic.clinics import list_teams
from feedback.services.accounts.disable_staff import KEEP, disable_staff, enable_staff
from feedback.services.accounts.invite_staff import Invitation, invite_staff, reinvite_staff
from feedback.services.accounts.link_identity import someone_gets_in_alone
from feedback.web.access import me, requires
from feedback.web.clinic.forms import ButtonForm, InviteForm
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here

ROLES = {
    Role.THERAPIST: "Therapist",
    Role.SUPERVISOR: "Supervisor",
    Role.CLINIC_ADMIN: "Clinic admin",
    Role.DESK: "Front desk",
    Role.AUDITOR: "Auditor",
}
"""Roles that may be given here, as they are called on screen."""


@requires(Role.CLINIC_ADMIN)
def show() -> str:
    """List the people of the clinic."""
    return _page(_invite_form(formdata=None))


@requires(Role.CLINIC_ADMIN)
def invite() -> str | tuple[str, int]:
    """Make an account and show its invitation link: this once only."""
    it, form = here(), _invite_form()
    if not form.validate():
        return _page(form), 400
    try:
        with writing() as uow:
            invitation = invite_staff(
                uow,
                it.clock,
                it.keyring,
                it.chance,
                email=form.email.data or "",
                display_name=form.display_name.data or "",
                role=Role(form.role.data),
                by=me().staff.id,
                team_id=form.team.data or None,
            )
    except Refused as refused:
        form.email.errors = [str(refused)]
        return _page(form), 400
    return _invited(invitation)


@requires(Role.CLINIC_ADMIN)
def reinvite(staff_id: str) -> str:
    """Return an account a fresh link and show it: this once only."""
    it = here()
    check(ButtonForm())
    with writing() as uow:
        staff = get_staff(uow, staff_id)
        invitation = reinvite_staff(
            uow, it.clock, it.keyring, it.chance, journal=it.journal, staff=staff, by=me().staff.id
        )
    return _invited(invitation)


@requires(Role.CLINIC_ADMIN)
def disable(staff_id: str) -> Response:
    """Disable an account: it is signed out everywhere at once. A therapist's open cases are kept until asked for."""
    it = here()
    check(ButtonForm())
    with writing() as uow:
        staff = get_staff(uow, staff_id)
        disable_staff(uow, it.clock, it.keyring, journal=it.journal, staff=staff, by=me().staff.id, cases_to=KEEP)
    return redirect(url_for("clinic.people"), 303)


@requires(Role.CLINIC_ADMIN)
def enable(staff_id: str) -> Response:
    """Let a disabled account sign in again."""
    it = here()
    check(ButtonForm())
    with writing() as uow:
        enable_staff(uow, it.clock, it.keyring, staff=get_staff(uow, staff_id), by=me().staff.id)
    return redirect(url_for("clinic.people"), 303)


def _invite_form(**more: None) -> InviteForm:
    form = InviteForm(**more)
    with reading() as uow:
        form.team.choices = [("", "No team"), *((team.id, team.name) for team in list_teams(uow))]
    form.role.choices = [(role.value, name) for role, name in ROLES.items()]
    return form


def _page(form: InviteForm) -> str:
    with reading() as uow:
        shown = {
            "people": list_staff(uow),
            "links": list_identities(uow),
            "teams": {team.id: team.name for team in list_teams(uow)},
            "someone_gets_in_alone": someone_gets_in_alone(uow),
        }
    return render_template("clinic/people.html", form=form, roles=ROLES, **shown)


def _invited(invitation: Invitation) -> str:
    link = f"{here().settings.base_url}/invite/{invitation.token}"
    return render_template("clinic/invited.html", person=invitation.staff, link=link)

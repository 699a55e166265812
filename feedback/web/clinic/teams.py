"""Teams of therapists: making, renaming and archiving them, and who is in which."""

from collections import Counter

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import Refused
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import list_teams
from feedback.services.clinic.manage_teams import archive_team, make_team, place_in_teams, rename_team
from feedback.web.access import me, requires
from feedback.web.clinic.forms import ButtonForm, TeamForm
from feedback.web.request_uow import check, reading, writing
from feedback.web.surfaces import here

FIELD = "team-"
"""What the name of a therapist's field begins with; the id of the account follows."""


@requires(Role.CLINIC_ADMIN)
def show() -> str:
    """List the teams and who is in which."""
    return _page(TeamForm(formdata=None))


@requires(Role.CLINIC_ADMIN)
def make() -> Response | tuple[str, int]:
    """Make a team, or say what is wrong with its name."""
    it, form = here(), TeamForm()
    if not form.validate():
        return _page(form), 400
    try:
        with writing() as uow:
            make_team(uow, it.clock, it.keyring, it.chance, name=form.name.data or "", by=me().staff.id)
    except Refused as refused:
        form.name.errors = [str(refused)]
        return _page(form), 400
    return _back()


@requires(Role.CLINIC_ADMIN)
def rename(team_id: str) -> Response:
    """Return a team another name."""
    it, form = here(), TeamForm()
    check(form)
    with writing() as uow:
        rename_team(uow, it.clock, it.keyring, team_id=team_id, name=form.name.data or "", by=me().staff.id)
    return _back()


@requires(Role.CLINIC_ADMIN)
def archive(team_id: str) -> Response:
    """End a team."""
    it = here()
    check(ButtonForm())
    with writing() as uow:
        archive_team(uow, it.clock, it.keyring, team_id=team_id, by=me().staff.id)
    return _back()


@requires(Role.CLINIC_ADMIN)
def place() -> Response:
    """Keep who is in which team: as many therapists as the page had."""
    it = here()
    check(ButtonForm())
    named = {name: value for name, value in request.form.items() if name.startswith(FIELD)}
    chosen = {name.removeprefix(FIELD): value or None for name, value in named.items()}
    with writing() as uow:
        place_in_teams(uow, it.clock, it.keyring, chosen=chosen, by=me().staff.id)
    return _back()


def _page(form: TeamForm) -> str:
    with reading() as uow:
        teams, people = list_teams(uow), list_staff(uow)
    therapists = [person for person in people if person.role is Role.THERAPIST and person.disabled_on is None]
    return render_template(
        "clinic/teams.html",
        form=form,
        teams=teams,
        therapists=therapists,
        members=Counter(person.team_id for person in therapists),
        field=FIELD,
    )


def _back() -> Response:
    return redirect(url_for("clinic.teams"), 303)

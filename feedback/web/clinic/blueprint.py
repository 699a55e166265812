"""The clinic admin's surface, put together."""

from flask import Blueprint

from feedback.web.clinic import (
    audit,
    cases_left,
    home,
    instruments,
    local_sign_in,
    people,
    release_exports,
    releases,
    settings,
    teams,
)
from feedback.web.staff_pages import staff_context

blueprint = Blueprint("clinic", __name__)
blueprint.context_processor(staff_context)
blueprint.add_url_rule("/clinic", view_func=home.show, endpoint="home", methods=["GET"])
blueprint.add_url_rule("/clinic/staff", view_func=people.show, endpoint="people", methods=["GET"])
blueprint.add_url_rule("/clinic/staff", view_func=people.invite, endpoint="invite", methods=["POST"])
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/invitation", view_func=people.reinvite, endpoint="reinvite", methods=["POST"]
)
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/disable", view_func=people.disable, endpoint="disable", methods=["POST"]
)
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/cases", view_func=cases_left.show, endpoint="cases_left", methods=["GET"]
)
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/cases", view_func=cases_left.decide, endpoint="decide_cases", methods=["POST"]
)
blueprint.add_url_rule("/clinic/staff/<staff_id>/enable", view_func=people.enable, endpoint="enable", methods=["POST"])
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/local-sign-in", view_func=local_sign_in.show, endpoint="local_sign_in", methods=["GET"]
)
blueprint.add_url_rule(
    "/clinic/staff/<staff_id>/local-sign-in", view_func=local_sign_in.change, endpoint="let_in", methods=["POST"]
)
blueprint.add_url_rule("/clinic/teams", view_func=teams.show, endpoint="teams", methods=["GET"])
blueprint.add_url_rule("/clinic/teams", view_func=teams.make, endpoint="make_team", methods=["POST"])
blueprint.add_url_rule("/clinic/teams/members", view_func=teams.place, endpoint="place_in_teams", methods=["POST"])
blueprint.add_url_rule("/clinic/teams/<team_id>/name", view_func=teams.rename, endpoint="rename_team", methods=["POST"])
blueprint.add_url_rule(
    "/clinic/teams/<team_id>/archive", view_func=teams.archive, endpoint="archive_team", methods=["POST"]
)
blueprint.add_url_rule("/clinic/settings", view_func=settings.show, endpoint="settings", methods=["GET"])
blueprint.add_url_rule("/clinic/settings", view_func=settings.change, endpoint="change", methods=["POST"])
blueprint.add_url_rule("/clinic/settings/preset", view_func=settings.preset, endpoint="preset", methods=["POST"])
blueprint.add_url_rule("/clinic/audit", view_func=audit.show, endpoint="audit", methods=["GET"])
blueprint.add_url_rule("/clinic/audit/file", view_func=audit.download, endpoint="audit_file", methods=["GET"])
blueprint.add_url_rule("/clinic/releases", view_func=releases.show_all, endpoint="releases", methods=["GET"])
blueprint.add_url_rule("/clinic/releases/how", view_func=releases.show_how, endpoint="releases_how", methods=["GET"])
blueprint.add_url_rule("/clinic/releases/<period>", view_func=releases.show, endpoint="release", methods=["GET"])
blueprint.add_url_rule("/clinic/instruments", view_func=instruments.show, endpoint="instruments", methods=["GET"])
blueprint.add_url_rule("/clinic/instruments", view_func=instruments.add, endpoint="add_instrument", methods=["POST"])
blueprint.add_url_rule(
    "/clinic/instruments/<instrument_id>/offer",
    view_func=instruments.offer,
    endpoint="offer_instrument",
    methods=["POST"],
)
blueprint.add_url_rule(
    "/clinic/instruments/<instrument_id>/retire",
    view_func=instruments.retire,
    endpoint="retire_instrument",
    methods=["POST"],
)
blueprint.add_url_rule(
    "/clinic/instruments/templates/<name>.json",
    view_func=instruments.give_template,
    endpoint="instrument_template",
    methods=["GET"],
)
for suffix in release_exports.SUFFIXES:
    blueprint.add_url_rule(
        f"/clinic/export/<period>.{suffix}",
        view_func=release_exports.download_as(suffix),
        endpoint=f"export_{suffix.replace('.', '_')}",
        methods=["GET"],
    )

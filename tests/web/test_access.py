"""Who may enter where: every address of the staff is in this table; `test_matrix.py` walks it with every role."""

import pytest

from feedback.domain.care import Role
from feedback.web import create_app
from feedback.web.route_policy import UndeclaredRoute, policy_of
from feedback.web.surfaces import STAFF_BLUEPRINTS

EVERYBODY = frozenset()
THERAPIST = frozenset({Role.THERAPIST})
CLINIC_ADMIN = frozenset({Role.CLINIC_ADMIN})
AUDITOR = frozenset({Role.AUDITOR})
DESK = frozenset({Role.DESK})
SUPERVISOR = frozenset({Role.SUPERVISOR})
STAFF = frozenset(Role)
FIGURES = STAFF - DESK

TABLE = {
    "/sign-in": EVERYBODY,
    "/sign-in/role": EVERYBODY,
    "/sign-in/code": EVERYBODY,
    "/sign-in/passkey": EVERYBODY,
    "/sign-in/provider": EVERYBODY,
    "/sign-in/provider/back": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/invite/<token>": EVERYBODY,
    "/invite/<token>/provider": EVERYBODY,
    "/account": STAFF,
    "/account/log": STAFF,
    "/account/confirm": STAFF,
    "/account/confirm/provider": STAFF,
    "/account/provider": STAFF,
    "/account/second-step": STAFF,
    "/account/password": STAFF,
    "/account/passkeys": STAFF,
    "/account/passkeys/<passkey_id>/remove": STAFF,
    "/account/sessions/<name>/end": STAFF,
    "/account/recovery-codes": STAFF,
    "/account/sign-out-everywhere": STAFF,
    "/clinic/audit": AUDITOR,
    "/clinic/audit/file": AUDITOR,
    "/dashboard": THERAPIST,
    "/cases": THERAPIST,
    "/cases/<code>": THERAPIST | SUPERVISOR,
    "/cases/<code>/arrangements": THERAPIST,
    "/cases/<code>/weekly": THERAPIST,
    "/cases/<code>/language": THERAPIST,
    "/cases/<code>/share": THERAPIST,
    "/cases/<code>/unshare": THERAPIST,
    "/cases/<code>/hand-over": THERAPIST,
    "/shared": SUPERVISOR,
    "/notices": THERAPIST,
    "/notices/stop/<token>": EVERYBODY,
    "/own-figures": THERAPIST,
    "/cases/<code>/guess": THERAPIST,
    "/cases/<code>/print": THERAPIST,
    "/cases/<code>/together": THERAPIST,
    "/cases/<code>/sessions": THERAPIST,
    "/cases/<code>/close": THERAPIST,
    "/cases/<code>/reopen": THERAPIST,
    "/cases/<code>/code": THERAPIST,
    "/cases/<code>/code/<code_id>/close": THERAPIST,
    "/cases/<code>/card": THERAPIST,
    "/cases/<code>/not-theirs": THERAPIST,
    "/cases/<code>/told": THERAPIST,
    "/cases/<code>/told/undo": THERAPIST,
    "/desk": DESK,
    "/sheet": DESK | THERAPIST,
    "/poster": DESK | THERAPIST | CLINIC_ADMIN,
    "/flags/<flag_id>": THERAPIST,
    "/flags/<flag_id>/undo": THERAPIST,
    "/clinic": CLINIC_ADMIN,
    "/clinic/staff": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/invitation": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/disable": CLINIC_ADMIN,
    "/clinic/teams": CLINIC_ADMIN,
    "/clinic/teams/members": CLINIC_ADMIN,
    "/clinic/teams/<team_id>/name": CLINIC_ADMIN,
    "/clinic/teams/<team_id>/archive": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/cases": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/enable": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/local-sign-in": CLINIC_ADMIN,
    "/clinic/settings": CLINIC_ADMIN,
    "/clinic/settings/preset": CLINIC_ADMIN,
    "/clinic/releases": FIGURES,
    "/clinic/releases/how": FIGURES,
    "/clinic/releases/<period>": FIGURES,
    "/clinic/instruments": CLINIC_ADMIN,
    "/clinic/instruments/<instrument_id>/offer": CLINIC_ADMIN,
    "/clinic/instruments/<instrument_id>/retire": CLINIC_ADMIN,
    "/clinic/instruments/templates/<name>.json": CLINIC_ADMIN,
    "/clinic/export/<period>.csv": CLINIC_ADMIN,
    "/clinic/export/<period>.zip": CLINIC_ADMIN,
    "/clinic/export/<period>.xlsx": CLINIC_ADMIN,
    "/clinic/export/<period>.json": CLINIC_ADMIN,
    "/clinic/export/<period>.fhir.json": CLINIC_ADMIN,
    "/clinic/export/<period>.parquet": CLINIC_ADMIN,
}


def staff_rules(world):
    app = create_app(world.installation)
    return [
        (rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in STAFF_BLUEPRINTS
    ]


def test_every_staff_route_declares_who_may_enter_and_stands_in_the_table(world):
    declared = {rule.rule: getattr(view, "admits", None) for rule, view in staff_rules(world)}
    assert declared == TABLE


def test_a_route_that_declares_nothing_keeps_the_product_from_starting(world):
    app = create_app(world.installation)
    app.add_url_rule("/back-door", "account.back_door", lambda: "open")
    with pytest.raises(UndeclaredRoute, match="/back-door"):
        policy_of(app)
    other = create_app(world.installation)
    other.add_url_rule("/side-door", "side_door", lambda: "open")
    with pytest.raises(UndeclaredRoute, match="/side-door"):
        policy_of(other)

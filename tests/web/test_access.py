"""Who may enter where: every address of the map is in this table, and behaves as it says."""

import re
from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.web import create_app
from feedback.web.surfaces import STAFF_BLUEPRINTS
from tests.support.desk import Desk

EVERYBODY = frozenset()
THERAPIST = frozenset({Role.THERAPIST})
CLINIC_ADMIN = frozenset({Role.CLINIC_ADMIN})
DESK = frozenset({Role.DESK})
STAFF = frozenset(Role)
FIGURES = STAFF - DESK

TABLE = {
    "/sign-in": EVERYBODY,
    "/sign-in/role": EVERYBODY,
    "/sign-in/code": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/invite/<token>": EVERYBODY,
    "/account": STAFF,
    "/account/confirm": STAFF,
    "/account/second-step": STAFF,
    "/account/password": STAFF,
    "/account/sessions/<name>/end": STAFF,
    "/account/recovery-codes": STAFF,
    "/account/sign-out-everywhere": STAFF,
    "/dashboard": THERAPIST,
    "/cases": THERAPIST,
    "/cases/<code>": THERAPIST,
    "/cases/<code>/print": THERAPIST,
    "/cases/<code>/together": THERAPIST,
    "/cases/<code>/sessions": THERAPIST,
    "/cases/<code>/close": THERAPIST,
    "/cases/<code>/reopen": THERAPIST,
    "/cases/<code>/code": THERAPIST,
    "/cases/<code>/code/<code_id>/close": THERAPIST,
    "/cases/<code>/card": THERAPIST,
    "/cases/<code>/not-theirs": THERAPIST,
    "/desk": DESK,
    "/sheet": DESK | THERAPIST,
    "/poster": DESK | THERAPIST | CLINIC_ADMIN,
    "/flags/<flag_id>": THERAPIST,
    "/flags/<flag_id>/undo": THERAPIST,
    "/clinic": CLINIC_ADMIN,
    "/clinic/staff": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/invitation": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/disable": CLINIC_ADMIN,
    "/clinic/staff/<staff_id>/enable": CLINIC_ADMIN,
    "/clinic/settings": CLINIC_ADMIN,
    "/clinic/settings/preset": CLINIC_ADMIN,
    "/clinic/releases": FIGURES,
    "/clinic/releases/how": FIGURES,
    "/clinic/releases/<period>": FIGURES,
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


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_else_gets_in(world, role):
    person = world.hire(replace(world.therapist, id="someone", email="s@example.org", role=role)) if role else None
    for rule, _ in staff_rules(world):
        admitted = TABLE[rule.rule]
        if admitted == EVERYBODY or (role and role in admitted):
            continue
        path = re.sub(r"<\w+>", "x", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            desk = Desk(world, person)
            answer = desk.opens(path) if method == "GET" else desk.sends(path)
            if role is None:
                assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule
            else:
                assert answer.status_code == 404, rule

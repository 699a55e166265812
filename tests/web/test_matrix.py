"""Every route by every method, as every role, signed out and half signed in, with the names of somebody else's things.

Nothing of another clinic, and no other therapist's case, may be opened or changed; and the answer for what belongs to
somebody else is byte for byte the answer for what does not exist.
"""

import re
from contextlib import nullcontext
from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.persistence.clinic import clinics
from feedback.persistence.database import Database
from feedback.services.accounts.keep_signed_in import start_session
from feedback.web import create_app
from feedback.web.route_policy import policy_of
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import BASE, Desk
from tests.support.phone import NONCE
from tests.support.rows import rows_of, things_of
from tests.support.unscoped import unscoped
from tests.support.world import World

ALL_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""Who may enter is decided before a database is asked for anything but the session."""

HALF_OPEN = {"/account/second-step"}
"""Where a new account may go before its second step is set up."""

REFUSING = {303, 400, 404, 409}
"""How an address answers that names nothing: not there, or led back to the list it belongs to."""

UNKNOWN = {
    "code": "K7Q2X-M",
    "code_id": "0000000000",
    "flag_id": "0000000000",
    "staff_id": "0000000000000000",
    "name": "0000000000000000",
    "passkey_id": "0000000000000000",
    "team_id": "00000000",
    "token": "0" * 52,
    "instrument_id": "nobodys",
    "period": "1999-01",
    "filename": "none.css",
}
"""A value that names nothing for every variable part of an address; a new part needs a line here or in `things_of`."""


@pytest.fixture
def elsewhere(world):
    """Another clinic in the same installation, with things of its own."""
    other = World(world.installation, a_clinic(id="harbour2", name="Elsewhere"), a_therapist(id="else", email="e@x.y"))
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), other.clinic)
    other.hire(other.therapist)
    return other


@pytest.fixture
def next_door(world):
    """Another therapist of the same clinic, with things of her own."""
    return World(world.installation, world.clinic, world.hire(a_therapist(id="noor", email="noor@example.org")))


def staff_entries(world):
    return [entry for entry in policy_of(create_app(world.installation)) if entry.is_staff]


def somebody(world, role):
    return world.hire(replace(world.therapist, id=f"a-{role}", email=f"{role}@example.org", role=role))


def asks(desk, entry, things):
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: things[part[1]], entry.rule)
    answer = desk.opens(path) if entry.method == "GET" else desk.sends(path)
    text = answer.text
    for value in sorted(things.values(), key=len, reverse=True):
        text = text.replace(value, "…")
    return answer.status_code, answer.location, re.sub(r'value="[0-9a-f]{100,}"', "", text)


def opened_of(desk, entries, things):
    """Ask for everything that an address can name, by the names of these things; gives what does not look like 404."""
    named = [entry for entry in entries if "<" in entry.rule and entry.admits]
    assert len(named) > 10
    answers = {(entry.rule, entry.method): (asks(desk, entry, things), asks(desk, entry, UNKNOWN)) for entry in named}
    return {at: answer for at, (answer, none) in answers.items() if answer != none or answer[0] not in REFUSING}


@pytest.mark.fault("R18")
@pytest.mark.parametrize("role", Role)
def test_what_belongs_to_another_clinic_is_as_if_it_were_not_there(world, elsewhere, role):
    """On PostgreSQL with our own scope switched off, so that row-level security alone has to hold."""
    theirs, before = UNKNOWN | things_of(elsewhere), rows_of(world, "harbour2")
    desk, entries = Desk(world, somebody(world, role), strict=False), staff_entries(world)
    database = world.installation.database
    with nullcontext() if database.is_sqlite else unscoped(database) as bared:
        assert opened_of(desk, entries, theirs) == {}
    assert database.is_sqlite or len(bared) > 50
    assert rows_of(world, "harbour2") == before


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_with_neither_scope_nor_wall_another_clinic_would_open(world, elsewhere, monkeypatch):
    """The test above can fail: without either, an admin disables somebody else's account."""
    monkeypatch.setattr(Database, "restricted", lambda self: self)
    theirs, before = UNKNOWN | things_of(elsewhere), rows_of(world, "harbour2")
    desk = Desk(world, somebody(world, Role.CLINIC_ADMIN), strict=False)
    with unscoped(world.installation.database):
        assert ("/clinic/staff/<staff_id>/disable", "POST") in opened_of(desk, staff_entries(world), theirs)
    assert rows_of(world, "harbour2") != before


@pytest.mark.fault("R18")
def test_what_belongs_to_another_therapist_is_as_if_it_were_not_there(world, next_door):
    theirs = UNKNOWN | things_of(next_door)
    desk = Desk(world, world.therapist, strict=False)
    before = {name: rows for name, rows in rows_of(world, world.clinic.id).items() if name != "audit_log"}
    for entry in staff_entries(world):
        if "<" in entry.rule and Role.THERAPIST in entry.admits:
            answer = asks(desk, entry, theirs)
            assert answer == asks(desk, entry, UNKNOWN), (entry.rule, entry.method)
    after = rows_of(world, world.clinic.id)
    assert {name: after[name] for name in before} == before


@pytest.mark.fault("R18")
@pytest.mark.checklist(42)
@ON_ONE_ENGINE
@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_answers_whom_it_admits_and_nobody_else(world, role, measured):
    person = somebody(world, role) if role else None
    desk = Desk(world, person, strict=False)
    for entry in staff_entries(world):
        status, location, _ = asks(desk, entry, UNKNOWN)
        if not entry.admits:
            assert status in {200, 303, 400, 403, 404}, entry
        elif role is None:
            assert (status, location.partition("?")[0]) == (303, "/sign-in"), entry
        elif role not in entry.admits:
            assert status == 404, entry
        else:
            assert status in {200, 303, 400, 404, 409}, entry
            assert "/sign-in" not in (location or "") or "sign-out" in entry.rule, entry
        if entry.rule in {"/account/sign-out-everywhere", "/account/password"} and role:
            desk = Desk(world, person, strict=False)
    measured("R18", f"{len(staff_entries(world))} addresses by method, as {role or 'nobody'}: 0 unexpected answers")


@ON_ONE_ENGINE
def test_with_a_password_alone_only_the_second_step_opens(world):
    it, desk = world.installation, Desk(world, strict=False)
    with world.writing() as uow:
        cookie = start_session(uow, it.clock, it.keyring, it.chance, staff=world.therapist, is_complete=False)
    desk.http.set_cookie("__Host-feedback", cookie, domain="hl.example", secure=True)
    desk.secret = it.keyring.hash("staff-pages", "csrf", cookie).hex()
    for entry in staff_entries(world):
        if entry.admits and entry.rule not in HALF_OPEN:
            assert asks(desk, entry, UNKNOWN)[:2] == (303, "/account/second-step"), entry


@pytest.mark.fault("R18")
@ON_ONE_ENGINE
@pytest.mark.parametrize("is_in", [True, False], ids=["signed in", "signed out"])
def test_no_route_answers_a_method_it_does_not_name(world, is_in):
    """What a route names is asked for above; `HEAD` says what `GET` says and shows nothing, `OPTIONS` only names."""
    desk, entries = Desk(world, world.therapist if is_in else None, strict=False), staff_entries(world)
    for rule in {entry.rule for entry in entries}:
        known = {entry.method for entry in entries if entry.rule == rule}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: UNKNOWN[part[1]], rule)
        answers = {method: desk.http.open(path, method=method, base_url=BASE) for method in ALL_METHODS}
        others = ALL_METHODS - known - {"HEAD", "OPTIONS"}
        assert {answers[method].status_code for method in others} == {405}, rule
        assert answers["HEAD"].status_code == (answers["GET"].status_code if "GET" in known else 405), rule
        assert answers["OPTIONS"].allow.as_set() <= {name.lower() for name in known | {"HEAD", "OPTIONS"}}, rule
        assert answers["HEAD"].data + answers["OPTIONS"].data == b"", rule


@ON_ONE_ENGINE
@pytest.mark.parametrize("role", Role)
def test_pages_of_clients_do_not_look_at_who_is_signed_in(world, role):
    desk, nobody = Desk(world, somebody(world, role), strict=False), Desk(world, strict=False)
    filled = UNKNOWN | {"clinic_id": world.clinic.id, "sealed": "x", "version": "1", "spoken": "en"}
    filled |= {"instrument_id": "rapport-session"}
    entries = [entry for entry in policy_of(desk.http.application) if not entry.is_staff and not entry.admits]
    entries = [entry for entry in entries if entry.rule != "/metrics"]
    assert len(entries) > 12
    for entry in entries:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: filled[part[1]], entry.rule)
        mine, theirs = (each.http.open(path, method=entry.method, base_url=BASE) for each in (desk, nobody))
        assert mine.status_code == theirs.status_code, path
        assert re.sub(NONCE, "", mine.text) == re.sub(NONCE, "", theirs.text), path
        assert all("feedback-tablet" in each for each in mine.headers.getlist("Set-Cookie")), path

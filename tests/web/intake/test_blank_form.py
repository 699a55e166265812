"""A form that is drawn once and filled in shows what a fresh drawing shows, and every change at the next opening."""

from dataclasses import replace

import pytest

from feedback.domain.care import CaseStaff, HelpNumber, Part
from feedback.persistence.cases.case_staff import put_case_staff
from feedback.persistence.clinic import clinics
from feedback.persistence.flags import flags
from feedback.web import create_app
from tests.support.builders import MONDAY, a_finding, a_therapist
from tests.support.phone import NONCE, Phone

QUERIES = ("", "?easy=1", "?lang=de", "?lang=ar", "?turn=1", "?turn=2", "?lang=de&easy=1", "?x=1")
CHANGES = {
    "name": "Quay Street",
    "help_numbers": (HelpNumber("To talk", "0800 1", "08001"),),
    "totals_enabled": False,
    "comment_enabled": False,
    "retention_months": 3,
    "languages": ("de", "en"),
    "accent": "#1a6e3c",
    "quick_exit": "https://example.org/",
    "script_enabled": True,
}
"""Choices of a clinic that its form shows, each with another value than before."""


def shown(app, path):
    """What a phone is given: all but the one-time key, in the page and in its headers."""
    answer = Phone(app).http.get(path)
    assert answer.status_code == 200
    return NONCE.sub("", answer.text), dict(answer.headers)


def fresh(app, path):
    """The same drawn anew."""
    app.extensions["feedback-blank-forms"].clear()
    return shown(app, path)


def save(world, **changes):
    with world.writing() as uow:
        clinics.save_clinic(uow, replace(clinics.get_clinic(uow), **changes))


def links(world):
    """Codes whose forms differ: for a session and a card, for two seats, with an open flag, with two therapists."""
    plain, flagged, shared = (world.opens_a_case(seats=2) for _ in range(3))
    world.hire(a_therapist(id="eli", email="eli@example.org", display_name="Eli"))
    meetings = {case.code: world.meets(case) for case in (plain, flagged, shared)}
    with world.writing() as uow:
        flags.add_flag(uow, "f1", (flagged.code, meetings[flagged.code].number, "A"), a_finding(), MONDAY)
        put_case_staff(uow, CaseStaff(shared.code, "eli", Part.CO_THERAPIST, MONDAY))
    codes = [world.shows_a_code(case, meetings[case.code], seat) for case in (plain, flagged, shared) for seat in "AB"]
    return [f"/F/{code.token}" for code in (*codes, world.shows_a_code(world.opens_a_case()))]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_kept_form_is_byte_for_byte_the_one_drawn_anew(world, app):
    save(world, languages=("en", "de", "ar"))
    paths = [link + query for link in links(world) for query in QUERIES]
    first, again = ([shown(app, path) for path in paths] for _ in range(2))
    assert first == again
    assert len({page for page, _ in first}) > len(QUERIES)
    assert [path for path, page in zip(paths, again, strict=True) if page != fresh(app, path)] == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_change_of_a_clinic_is_seen_by_the_next_opening_in_every_process(world, app, code):
    processes, path = (app, create_app(world.installation)), f"/F/{code.token}"
    for choice, value in CHANGES.items():
        before = {shown(each, path)[0] for each in processes}
        save(world, **{choice: value})
        after = [shown(each, path) for each in processes]
        assert len(before) == 1
        assert after[0] == after[1] == fresh(app, path), choice
        assert after[0][0] not in before, choice


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_therapists_new_name_is_seen_by_the_next_opening(world, app, code):
    assert "Send to Dana" in shown(app, f"/F/{code.token}")[0]
    with world.writing() as uow:
        uow.connection.exec_driver_sql("UPDATE staff SET display_name = 'Dana Reyes'")
    assert "Send to Dana Reyes" in shown(app, f"/F/{code.token}")[0]

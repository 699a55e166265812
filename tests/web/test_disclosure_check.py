"""The application starts only while the form says truthfully who may read an answer."""

import pytest

from feedback.domain.care import Role
from feedback.domain.errors import WhoReadsWrong
from feedback.domain.who_reads import READERS, Reader
from feedback.web import create_app, disclosure_check
from feedback.web.catalogues import catalogue
from feedback.web.route_policy import policy_of
from feedback.web.therapist import case
from tests.support.answering import a_case_that_fell
from tests.support.builders import a_therapist
from tests.support.desk import Desk

NOTE = "Nobody else may read this."
ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])


@ENGINE
def test_a_door_to_answers_for_a_role_the_sentence_does_not_name_stops_the_start(world, monkeypatch):
    create_app(world.installation)
    monkeypatch.setattr(case.show, "admits", case.show.admits | {Role.CLINIC_ADMIN})
    with pytest.raises(WhoReadsWrong, match="/cases/<code> shows answers to the role clinic-admin"):
        create_app(world.installation)


@ENGINE
def test_a_reader_without_a_sentence_stops_the_start(world, monkeypatch):
    monkeypatch.setitem(READERS, 99, frozenset({Reader.THERAPIST}))
    with pytest.raises(WhoReadsWrong, match="Version 99 of who reads an answer has no sentence"):
        create_app(world.installation)


@ENGINE
@pytest.mark.parametrize(
    ("said", "why"), [("", "not translated"), (None, "not translated"), ("Alle lesen es.", "does not name")]
)
def test_a_sentence_lost_in_a_translation_stops_the_start(world, monkeypatch, said, why):
    class Lost:
        def gettext(self, text):
            return text if said is None else said

    monkeypatch.setattr(disclosure_check, "catalogue", lambda code: Lost() if code == "de" else catalogue(code))
    with pytest.raises(WhoReadsWrong, match=f'{why}.* "de"|{why}.*in "de"'):
        create_app(world.installation)


@ENGINE
@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_an_answer_without_declaring_that_it_can(world, role):
    made = a_case_that_fell(world, off="yes", comment=NOTE)
    person = world.therapist
    if role is not Role.THERAPIST:
        person = world.hire(a_therapist(id="someone", email="someone@example.org", role=role))
    desk = Desk(world, person)
    shown = set()
    for entry in policy_of(create_app(world.installation)):
        if entry.method == "GET" and entry.is_staff and role in entry.admits:
            path = entry.rule.replace("<code>", made.code)
            answers = [desk.opens(path, session="5"), desk.opens(path)]
            if any(NOTE in answer.text for answer in answers):
                assert entry.opens_answers, entry.rule
                shown.add(entry.rule)
    assert ("/cases/<code>" in shown) == (role is Role.THERAPIST)

"""Responses, findings and flags come back as they went in, and go when they are taken back."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from feedback.domain.errors import NotFound
from feedback.domain.rupture import Evidence, EvidenceKind, FlagStatus
from feedback.persistence.answers import responses
from feedback.persistence.flags import findings, flags
from feedback.persistence.tables import rupture_flags
from tests.support.builders import MONDAY, a_finding, a_response


@pytest.fixture
def place(world):
    """Where a first response would hang."""
    case = world.opens_a_case()
    return (case.code, world.meets(case).number, "A")


def keep(uow, place, mark=b"1", **changes):
    response = a_response(**changes)
    kept = responses.KeptWith(8.0, b"sealed", nonce_hash=b"n" + mark, receipt_hash=b"r" + mark)
    responses.add_response(uow, place, response, kept)
    return response


def test_a_response_comes_back_as_it_went_in(world, place):
    choices = {"off": ("a_little",), "closest": ("judged", "pushed"), "wish": ("bring_up",)}
    with world.writing() as uow:
        sent = keep(uow, place, choices=choices, ratings={"heard": 0.0, "safe": 2.5})
    with world.reading() as uow:
        (stored,) = responses.list_responses(uow, place[0])
        assert stored.response == sent
        assert (stored.case_code, stored.session_number, stored.seat) == place
        assert responses.sealed_comment_at(uow, place) == b"sealed"
        assert responses.place_of_receipt(uow, b"r1") == place
        assert responses.nonce_at(uow, place) == b"n1"


def keeps(world, place, *marks, **changes):
    with world.writing() as uow:
        for mark in marks:
            keep(uow, place, mark, **changes)


def test_one_place_holds_one_response(world, place):
    with pytest.raises(IntegrityError):
        keeps(world, place, b"1", b"2")
    with world.reading() as uow:
        assert responses.list_responses(uow, place[0]) == ()


def test_seats_are_kept_apart(world, place):
    with world.writing() as uow:
        keep(uow, place)
        keep(uow, (place[0], place[1], "B"), b"2", ratings={"heard": 3.0})
        first, second = responses.list_responses(uow, place[0])
    assert (first.seat, second.seat) == ("A", "B")
    assert second.response.ratings == {"heard": 3.0}


def test_deleting_a_response_takes_its_answers_and_finding_and_nothing_else(world, place):
    other = (place[0], place[1], "B")
    with world.writing() as uow:
        for number, spot in enumerate((place, other)):
            keep(uow, spot, str(number).encode())
            findings.add_finding(uow, spot, a_finding())
        responses.delete_response(uow, place)
        assert [stored.seat for stored in responses.list_responses(uow, place[0])] == ["B"]
        assert list(findings.list_findings(uow, place[0])) == [(place[1], "B")]


@pytest.mark.parametrize("rating", [-0.1, 10.1])
def test_a_rating_off_the_scale_is_refused_by_the_database(world, place, rating):
    with pytest.raises(IntegrityError, match="ck_answers_value_range"):
        keeps(world, place, b"1", ratings={"heard": rating})


def test_a_finding_comes_back_as_it_went_in(world, place):
    with world.writing() as uow:
        keep(uow, place)
        findings.add_finding(uow, place, a_finding())
        assert findings.list_findings(uow, place[0]) == {(place[1], "A"): a_finding()}
    assert findings.finding_from_text(findings.finding_as_text(a_finding())) == a_finding()


def test_the_detectors_state_is_replaced(world, place):
    keep_state = {"method": "switching", "version": "1"}
    with world.writing() as uow:
        findings.put_state(uow, place[0], "A", **keep_state, last_session=1, last_place=1, state=b"one")
        findings.put_state(uow, place[0], "A", **keep_state, last_session=2, last_place=2, state=b"two")
        row = findings.get_state(uow, place[0], "A")
        assert (row.state, row.last_session) == (b"two", 2)
        findings.drop_state(uow, place[0], "A")
        assert findings.get_state(uow, place[0], "A") is None


def test_a_flag_and_its_log_come_back_as_they_went_in(world, place):
    with world.writing() as uow:
        flags.add_flag(uow, "f1", place, a_finding(), MONDAY)
        flag = flags.get_flag(uow, "f1")
        assert (flag.finding, flag.status, flags.flag_at(uow, place)) == (a_finding(), FlagStatus.NEW, flag)
        flags.set_status(uow, flag, FlagStatus.TALKED, by="dana", on=MONDAY)
        (review,) = flags.list_reviews(uow, "f1")
        assert (review.old_status, review.new_status, review.number) == (FlagStatus.NEW, FlagStatus.TALKED, 1)


def test_what_a_finding_weighs_is_kept_beside_it_changes_and_goes_with_it(world, place):
    mild = replace(a_finding(), value=7.5, expected_low=7.0, expected_high=9.0, evidence=())
    clear = replace(mild, value=4.0, evidence=(Evidence(EvidenceKind.DIRECT, item="off", value=2.0, option="yes"),))
    weights = select(rupture_flags.c.direct, rupture_flags.c.fell_by)
    with world.writing() as uow:
        flags.add_flag(uow, "f1", place, mild, MONDAY)
        assert uow.connection.execute(weights).one() == (0.0, 0.5)
        flags.refresh_finding(uow, flags.get_flag(uow, "f1"), clear)
        assert uow.connection.execute(weights).one() == (2.0, 4.0)
        flags.set_status(uow, flags.get_flag(uow, "f1"), FlagStatus.TALKED, by="dana", on=MONDAY)
        flags.forget_answer(uow, flags.get_flag(uow, "f1"))
        assert uow.connection.execute(weights).one() == (None, None)


@pytest.mark.parametrize("unknown", ["value", "expected_low", "expected_high"])
def test_without_a_usual_range_nobody_fell(unknown):
    assert findings.weight_of(replace(a_finding(), **{unknown: None}))[1] == 0.0
    above = replace(a_finding(), value=9.0, expected_low=6.0, expected_high=8.0)
    assert findings.weight_of(above)[1] == 0.0


def test_after_a_withdrawal_an_unreviewed_flag_goes_and_a_reviewed_one_forgets(world, place):
    with world.writing() as uow:
        flags.add_flag(uow, "f1", place, a_finding(), MONDAY)
        flags.add_flag(uow, "f2", (place[0], place[1], "B"), a_finding(), MONDAY)
        flags.set_status(uow, flags.get_flag(uow, "f2"), FlagStatus.TALKED, by="dana", on=MONDAY)
        for flag_id in ("f1", "f2"):
            flags.forget_answer(uow, flags.get_flag(uow, flag_id))
        with pytest.raises(NotFound):
            flags.get_flag(uow, "f1")
        left = flags.get_flag(uow, "f2")
        assert (left.status, left.finding.evidence, left.finding.value) == (FlagStatus.TALKED, (), None)

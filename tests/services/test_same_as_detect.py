"""What the product found is what `feedback detect` finds in the same answers, exported with their dates."""

from datetime import date, timedelta

import pytest

from feedback import detection, instruments
from feedback.detection.table import judge, read_table
from feedback.persistence.answers import responses
from feedback.persistence.cases import care
from feedback.persistence.flags import findings
from feedback.security.access_codes import SystemChance
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.upkeep.purge import purge
from tests.support.answering import meets_and_sends, sends
from tests.support.builders import SIX

FORM = instruments.load("rapport-session")
HEAD = ["therapist", "case", "session", "date", *SIX, "off", "closest"]
DAYS = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")
COURSES = (
    ((9, 9, 8, 9, 9, 10), (9, 8, 9, 9, 9, 9), (4, 5, 8, 9, 8, 9), (9, 9, 9, 9, 9, 9)),
    ((10, 10, 10, 10, 10, 10), (10, 9, 10, 10, 10, 10), (10, 10, 10, 10, 10, 10), (8, 9, 5, 5, 6, 9)),
)


def exported(world, cases):
    """Write every therapy session as a row, as a researcher would be given it."""
    lines = [",".join(HEAD) + "\n"]
    with world.reading() as uow:
        for case in cases:
            given = {stored.session_number: stored.response for stored in responses.list_responses(uow, case.code)}
            for place, meeting in enumerate(care.list_therapy_sessions(uow, case.code), 1):
                response = given.get(meeting.number)
                ratings = [response.ratings.get(item, "") if response else "" for item in SIX]
                off = response.chosen("off") if response else ""
                closest = "|".join(response.choices.get("closest", ())) if response else ""
                cells = ["dana", case.code, place, meeting.held_on, *ratings, off, closest]
                lines.append(",".join(map(str, cells)) + "\n")
    return lines


def in_the_product(world, cases):
    with world.reading() as uow:
        return {
            (case.code, number): finding
            for case in cases
            for (number, _), finding in findings.list_findings(uow, case.code).items()
        }


def in_the_table(world, cases):
    method = detection.build(detection.DEFAULT, FORM)
    judged = judge(read_table(exported(world, cases), FORM), method)
    return {(row.keys["case"], row.session): finding for row, _, finding in judged}


def two_cases(world):
    """Two cases side by side, the second begun a week later; gives them and the receipt of one answer in the middle."""
    cases = [world.on("2026-01-01").opens_a_case() for _ in COURSES]
    receipt = None
    for week, day in enumerate(DAYS):
        there = world.on(day)
        meeting = there.meets(cases[0])
        said = "a_little" if week == 2 else "no"
        sent = sends(there, there.shows_a_code(cases[0], meeting), COURSES[0][week], off=said)
        receipt = sent if week == 1 else receipt
    for week, day in enumerate(("2026-01-13", "2026-01-20", "2026-01-27", "2026-02-03")):
        meets_and_sends(world, cases[1], day, COURSES[1][week], off="not_sure", closest="pushed other_topic")
    return cases, receipt


def test_findings_and_flags_are_the_same(world):
    cases, _ = two_cases(world)
    found = in_the_product(world, cases)
    assert found == in_the_table(world, cases)
    assert len(found) == 8
    assert any(finding.flag for finding in found.values())


def withdraws(world, receipt):
    it = world.installation
    with world.writing() as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)


def test_they_are_the_same_after_a_withdrawal(world):
    cases, receipt = two_cases(world)
    withdraws(world, receipt)
    found = in_the_product(world, cases)
    assert found == in_the_table(world, cases)
    assert len(found) == 7


@pytest.fixture
def practice(world):
    """Three cases, one after the other, the last begun when the clinic's past says something; and their receipts.

    The last one's second meeting was answered a day after its third.
    """
    cases, receipts = [], {}
    for at, (begun, meetings) in enumerate((("2026-01-01", 12), ("2026-02-02", 6), ("2026-04-06", 4))):
        case = world.on(begun).opens_a_case()
        cases.append(case)
        for week in range(meetings):
            there = world.on(date.fromisoformat(begun) + timedelta(weeks=week))
            meeting = there.meets(case)
            code = there.shows_a_code(case, meeting)
            if (at, week) == (2, 1):
                late = code
                continue
            ratings = COURSES[at % 2][week % 4]
            receipts[at, week] = sends(there, code, ratings, off="a_little" if week % 4 == 2 else "no")
    there = world.on("2026-04-13")
    receipts[2, 1] = sends(there, late, COURSES[0][2], off="yes", closest="pushed")
    return cases, receipts


@pytest.mark.parametrize("gone", [[(0, 0)], [(2, 0)], [(0, 0), (0, 1), (1, 0), (1, 5), (2, 1)]])
def test_they_are_the_same_when_answers_of_one_or_of_others_are_withdrawn(world, practice, gone):
    cases, receipts = practice
    for each in gone:
        withdraws(world, receipts[each])
    found = in_the_product(world, cases)
    assert found == in_the_table(world, cases)
    assert len(found) == len(receipts) - len(gone)


def test_they_are_the_same_after_a_purge(world, practice):
    cases, receipts = practice
    it = world.on("2027-03-10").installation
    purged = purge(it.database, it.clock, SystemChance(), it.journal)
    found = in_the_product(world, cases)
    assert found == in_the_table(world, cases)
    assert len(found) == len(receipts) - purged.answers
    assert 0 < purged.answers < len(receipts)
    assert any(finding.flag for finding in found.values())

"""Marking what happened after a possible rupture."""

import pytest

from feedback.domain.care import Part, Role
from feedback.domain.errors import NotFound, Refused, ReviewRefused
from feedback.domain.rupture import FlagStatus
from feedback.persistence.audit import list_records
from feedback.persistence.cases.care import get_case
from feedback.persistence.flags import flags
from feedback.persistence.tables import repair_notes
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.share_case import share_case
from feedback.services.flags.record_repair import read_repair
from feedback.services.flags.review_flag import get_own_flag, review_flag, undo_review
from tests.support.answering import LOW, a_case_that_fell, sends
from tests.support.builders import a_therapist


@pytest.fixture
def flag(world):
    case = a_case_that_fell(world, off="yes")
    with world.reading() as uow:
        return flags.list_flags(uow, case.code)[0]


def marks(world, flag, outcome, note="", on="2026-03-02"):
    it = world.on(on).installation
    with world.writing() as uow:
        flag = flags.get_flag(uow, flag.id)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=outcome, by=world.therapist, note=note)


def takes_back(world, flag):
    it = world.installation
    with world.writing() as uow:
        undo_review(uow, it.clock, it.keyring, flag=flags.get_flag(uow, flag.id), by=world.therapist)


def stands(world, flag):
    with world.reading() as uow:
        return flags.get_flag(uow, flag.id).status


def note_of(world, flag):
    with world.reading() as uow:
        return read_repair(uow, world.installation.keyring, flag.id)


@pytest.mark.checklist(38)
@pytest.mark.parametrize("outcome", [status for status in FlagStatus if status is not FlagStatus.NEW])
def test_every_mark_can_be_made_and_taken_back(world, flag, outcome):
    marks(world, flag, outcome)
    assert stands(world, flag) is outcome
    takes_back(world, flag)
    assert stands(world, flag) is FlagStatus.NEW


def test_the_log_keeps_marks_and_their_undoing(world, flag):
    marks(world, flag, FlagStatus.TALK_PLANNED)
    marks(world, flag, FlagStatus.SETTLED)
    takes_back(world, flag)
    with world.reading() as uow:
        log = [(row.new_status.value, row.undoes) for row in flags.list_reviews(uow, flag.id)]
    assert log == [("talk_planned", False), ("settled", False), ("talk_planned", True)]


def test_the_audit_log_says_who_marked_or_noted_what_by_case_and_session(world, flag):
    marks(world, flag, FlagStatus.TALKED)
    marks(world, flag, FlagStatus.TALKED, "We spoke about pace.")
    takes_back(world, flag)
    with world.reading() as uow:
        told = [(each.actor, each.action, each.subject) for each in list_records(uow)][-3:]
    of = f"{flag.case_code}/{flag.session_number}"
    assert told == [("dana", f"flag.{deed}", of) for deed in ("reviewed", "noted", "review_undone")]


def test_there_is_nothing_to_take_back_on_a_new_flag(world, flag):
    with pytest.raises(ReviewRefused):
        takes_back(world, flag)


def test_the_same_mark_twice_is_refused_unless_it_brings_a_note(world, flag):
    marks(world, flag, FlagStatus.TALKED)
    with pytest.raises(ReviewRefused):
        marks(world, flag, FlagStatus.TALKED)
    marks(world, flag, FlagStatus.TALKED, "We spoke about pace.")
    assert note_of(world, flag).note == "We spoke about pace."


def test_a_note_is_sealed_and_stays_when_the_next_mark_brings_none(world, flag):
    marks(world, flag, FlagStatus.TALKED, "We spoke about pace.")
    marks(world, flag, FlagStatus.SETTLED)
    with world.reading() as uow:
        kept = uow.connection.execute(repair_notes.select()).one()
    assert b"pace" not in bytes(kept.sealed_note)
    assert note_of(world, flag).note == "We spoke about pace."


def test_the_day_of_the_talk_is_that_of_its_first_mark(world, flag):
    marks(world, flag, FlagStatus.TALK_PLANNED, "Next week.")
    marks(world, flag, FlagStatus.TALKED, on="2026-03-09")
    marks(world, flag, FlagStatus.SETTLED, on="2026-03-16")
    assert note_of(world, flag).talked_on.isoformat() == "2026-03-09"


def test_a_note_that_is_too_long_changes_nothing(world, flag):
    with pytest.raises(Refused):
        marks(world, flag, FlagStatus.TALKED, "x" * 1001)
    assert stands(world, flag) is FlagStatus.NEW


def test_a_flag_of_another_therapist_is_not_found(world, flag):
    other = world.hire(a_therapist(id="mika", email="mika@example.org", role=Role.THERAPIST))
    with world.reading() as uow, pytest.raises(NotFound):
        get_own_flag(uow, world.installation.clock, flag_id=flag.id, by=other)


@pytest.mark.parametrize(("sentence", "may"), [(2, False), (3, True)])
def test_a_second_therapist_marks_only_flags_of_answers_that_named_them(world, sentence, may):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = a_case_that_fell(world, off="yes", sentence=sentence)
    with world.writing() as uow:
        part = Part.CO_THERAPIST
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        assert get_own_flag(uow, it.clock, flag_id=flag.id, by=world.therapist) == flag
        if may:
            assert get_own_flag(uow, it.clock, flag_id=flag.id, by=iris) == flag
        else:
            with pytest.raises(NotFound, match="There is no such flag"):
                get_own_flag(uow, it.clock, flag_id=flag.id, by=iris)


def test_a_supervisor_reads_and_marks_nothing(world, flag):
    it = world.installation
    sol = world.hire(a_therapist(id="sol", email="sol@example.org", role=Role.SUPERVISOR))
    with world.writing() as uow:
        case = get_case(uow, flag.case_code)
        part = Part.SUPERVISOR
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id="sol",
            days=7,
            by=world.therapist,
        )
    with world.reading() as uow, pytest.raises(NotFound, match="There is no such flag"):
        get_own_flag(uow, it.clock, flag_id=flag.id, by=sol)


def test_where_the_answer_is_gone_only_the_cases_own_therapist_marks_the_flag(world):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = world.on("2026-03-02").opens_a_case()
    receipt = sends(world, world.shows_a_code(case, world.meets(case)), LOW, off="yes", sentence=3)
    with world.writing() as uow:
        part = Part.CO_THERAPIST
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.TALKED, by=world.therapist)
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    with world.reading() as uow:
        assert get_own_flag(uow, it.clock, flag_id=flag.id, by=world.therapist).is_withdrawn
        with pytest.raises(NotFound, match="There is no such flag"):
            get_own_flag(uow, it.clock, flag_id=flag.id, by=iris)

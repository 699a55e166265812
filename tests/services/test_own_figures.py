"""A therapist's own figures: counted from their own cases only, and from what was shared only."""

from datetime import date

import pytest

from feedback.domain.audience import Audience
from feedback.domain.care import Part
from feedback.domain.errors import Refused
from feedback.domain.rupture import FlagStatus
from feedback.persistence.flags import flags
from feedback.security.access_codes import SystemChance
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.cases.share_case import share_case
from feedback.services.dashboard.guess_session import guess_session, may_guess
from feedback.services.dashboard.show_own_figures import show_own_figures
from feedback.services.flags.review_flag import review_flag
from feedback.services.upkeep.purge import purge
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends, sends
from tests.support.builders import a_therapist


def figures(world, therapist=None):
    with world.reading() as uow:
        return show_own_figures(
            uow, world.installation.clock, clinic=world.clinic, therapist=therapist or world.therapist
        )


def marks(world, case, outcome):
    it = world.installation
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=outcome, by=world.therapist)


def guesses(world, case, number, value, by=None):
    with world.writing() as uow:
        guess_session(uow, place=(case.code, number, "A"), value=value, by=by or world.therapist)


def test_flags_talks_and_what_held_are_counted(world):
    held, open_still, silent = (a_case_that_fell(world, off="yes") for _ in range(3))
    marks(world, held, FlagStatus.SETTLED)
    marks(world, open_still, FlagStatus.TALKED)
    meets_and_sends(world, held, "2026-03-09", GOOD)
    meets_and_sends(world, silent, "2026-03-09", GOOD)
    seen = figures(world.on("2026-03-09"))
    assert (seen.flags, seen.marked, seen.talks, seen.back) == (3, 2, 2, 1)


def test_the_clients_own_word_counts_as_held(world):
    case = a_case_that_fell(world, off="yes")
    marks(world, case, FlagStatus.MORE_TO_DO)
    meets_and_sends(world, case, "2026-03-09", (4, 4, 4, 4, 4, 4), repair="helped")
    assert figures(world.on("2026-03-09")).back == 1


def test_only_the_last_quarter_of_a_year_and_only_own_cases_count(world):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = a_case_that_fell(world, off="yes")
    assert figures(world, iris).flags == 0
    assert figures(world.on("2026-05-31")).flags == 1
    assert figures(world.on("2026-06-01")).flags == 0
    with world.writing() as uow:
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=Part.CO_THERAPIST,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )
    assert figures(world, iris).flags == 0
    with world.writing() as uow:
        hand_over_case(uow, it.clock, it.keyring, journal=it.journal, case=case, to="iris", by=world.therapist)
    assert (figures(world).flags, figures(world, iris).flags) == (0, 1)


def test_a_session_counts_once_and_an_answer_nobody_reads_changes_nothing(world):
    case = world.opens_a_case(seats=2)
    first, second = world.meets(case), world.meets(case)
    code = world.shows_a_code(case, first)
    world.shows_a_code(case, first)
    other = world.shows_a_code(case, second)
    world.shows_a_code(case)
    sends(world, code)
    before = figures(world)
    assert (before.sessions, before.shared) == (2, 1)
    sends(world, other, LOW, audience=Audience.TOTALS)
    assert figures(world) == before


def test_the_purge_of_codes_takes_no_session_out_of_the_figures(world):
    it, case = world.installation, world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-02", GOOD)
    silent = world.on("2026-02-09")
    silent.shows_a_code(case, silent.meets(case))
    before = figures(world)
    assert (before.sessions, before.shared) == (2, 1)
    assert purge(it.database, world.on("2026-04-01").installation.clock, SystemChance(), it.journal).codes
    assert figures(world) == before


def test_a_guess_stands_beside_its_answer_once_there_is_one(world):
    case = world.opens_a_case()
    meeting = world.meets(case)
    guesses(world, case, meeting.number, 9)
    assert figures(world).guesses == ()
    sends(world, world.shows_a_code(case, meeting), GOOD)
    seen = figures(world)
    assert [(one.held_on, one.guessed, one.answered) for one in seen.guesses] == [(date(2026, 3, 2), 9.0, 8.0)]
    assert (seen.gap, seen.distance) == (1.0, 1.0)


def test_guesses_above_and_below_do_not_hide_each_other(world):
    case = world.opens_a_case()
    for guess in (10, 6):
        meeting = world.meets(case)
        guesses(world, case, meeting.number, guess)
        sends(world, world.shows_a_code(case, meeting), GOOD)
    seen = figures(world)
    assert (seen.gap, seen.distance) == (0.0, 2.0)


@pytest.mark.parametrize("value", [-1, 11])
def test_a_guess_is_from_0_to_10(world, value):
    case = world.opens_a_case()
    with pytest.raises(Refused):
        guesses(world, case, world.meets(case).number, value)


def test_one_guesses_once_and_a_colleagues_guess_is_their_own(world):
    iris = world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = world.opens_a_case()
    number = world.meets(case).number
    guesses(world, case, number, 5)
    with pytest.raises(Refused):
        guesses(world, case, number, 6)
    with world.reading() as uow:
        assert may_guess(uow, place=(case.code, number, "A"), by=iris)


def test_a_guess_at_a_colleagues_case_never_shows_what_was_answered(world):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = world.opens_a_case()
    meeting = world.meets(case)
    code = world.shows_a_code(case, meeting)
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
    guesses(world, case, meeting.number, 9, by=iris)
    sends(world, code, LOW, sentence=2)
    assert figures(world, iris).guesses == ()

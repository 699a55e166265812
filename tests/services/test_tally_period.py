"""What is counted for a period: the right answers, bounded, in the right month, on both databases alike."""

import random
import re
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import event

from feedback.domain.figures.measures import RepairState
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import Answered
from feedback.domain.figures.rule import STRICT, USUAL
from feedback.persistence.figures import register
from feedback.persistence.figures.by_key import prepare_counting
from feedback.persistence.tables import access_codes, responses
from feedback.services.figures.open_submissions import open_submissions
from feedback.services.figures.tally_period import tally_period
from tests.support.answering import LOW, a_case_that_fell, meets_and_sends
from tests.support.figures import a_clinic_of, answered, counted_in, opened, staffed

MARCH = date(2026, 3, 10)
HEARD = "mean:rapport-session:heard"


def tally(world, period, rule=USUAL):
    it, chosen = world.installation, Period.read(period)
    with world.reading() as uow:
        unseen = open_submissions(uow, it.keyring, it.journal, chosen).unseen
        return tally_period(uow, chosen, rule, world.clinic.timezone, unseen)


def test_responses_count_for_the_month_of_their_therapy_session_and_for_their_therapists_team(world):
    codes = a_clinic_of(world, quay=3, garden=3, none=1)
    answered(world, MARCH, codes, flagged=codes[:4])
    answered(world, date(2026, 4, 1), codes[:7], number=2)
    assert tally(world, "2026-03").flags == {"quay": (4, 11), "garden": (0, 15), None: (0, 5)}
    assert tally(world, "2026-04").flags == {"quay": (0, 7)}
    assert tally(world, "2026-Q1").flags == tally(world, "2026-03").flags
    assert tally(world, "2026-02").flags == {}


def test_at_most_five_responses_of_a_case_count_in_a_month_the_first_ones(world):
    (code,) = opened(world, world.therapist, 1)
    for number in range(1, 8):
        answered(world, date(2026, 3, 2 * number), [code], number=number, flagged=[code] if number > 4 else [])
    answered(world, date(2026, 2, 3), [code], number=8)
    assert tally(world, "2026-03").flags == {None: (1, 4)}
    quarter = tally(world, "2026-Q1")
    assert quarter.flags == {None: (1, 5)}
    assert (quarter.score, quarter.items[HEARD]) == (Answered(6, 480), Answered(6, 480))
    assert quarter.off["off:no"] == 6
    assert quarter.repairs == {RepairState.OPEN: 1}


def test_the_bound_is_the_same_as_counting_one_by_one(world):
    coin = random.Random(5)  # noqa: S311  repeatable
    codes, counted, placed = opened(world, world.therapist, 6), Counter(), Counter()
    for number in range(1, 25):
        day, rating = date(2026, 1 + (number - 1) // 8, coin.randint(1, 28)), number % 11
        come = [code for code in codes if coin.random() < 0.8]
        flagged = [code for code in come if coin.random() < 0.4]
        answered(world, day, come, number=number, flagged=flagged, ratings=(rating,) * 6)
        for code in come:
            placed[code, day.month] += 1
            if placed[code, day.month] <= 5:
                counted["flagged" if code in flagged else "not flagged"] += 1
                counted["tenths"] += 10 * rating
    assert max(placed.values()) > 5
    quarter = tally(world, "2026-Q1")
    assert quarter.flags == {None: (counted["flagged"], counted["not flagged"])}
    everybody = Answered(counted["flagged"] + counted["not flagged"], counted["tenths"])
    assert quarter.score == quarter.items[HEARD] == everybody
    assert quarter.off["off:no"] == everybody.count
    assert quarter.repairs == {RepairState.OPEN: counted["flagged"]}


def test_scores_items_and_the_direct_answer_are_summed_with_those_that_are_only_counted(world):
    codes = a_clinic_of(world, cases_each=1, none=3)
    answered(world, MARCH, codes, ratings=(7.5, 8, 8, 8, 8, 8.25), off="yes")
    counted_in(world, "2026-02", 2, (2, 2, 2, 2, 2, 2), direct=None)
    counted_in(world, "2026-04", 4)
    quarter = tally(world, "2026-Q1")
    assert quarter.items[HEARD] == Answered(5, 3 * 75 + 2 * 20)
    assert quarter.items["mean:rapport-session:respect"] == Answered(5, 3 * 83 + 2 * 20)
    assert quarter.score == Answered(5, 3 * 80 + 2 * 20)
    assert quarter.off == {"off:no": 0, "off:not_sure": 0, "off:a_little": 0, "off:yes": 3, "off:unanswered": 2}
    assert tally(world, "2026-03").flags == {None: (0, 3)}, "what is only counted enters no month"


def test_the_easier_version_counts_with_the_usual_one_and_too_few_ratings_give_no_score(world):
    counted_in(world, "2026-03", 3, (2.5, 5), instrument_id="rapport-session-easy")
    opened(world, world.therapist, 1)
    quarter = tally(world, "2026-Q1")
    assert quarter.items[HEARD] == Answered(3, 75)
    assert quarter.score == Answered(0, 0)


def test_an_instrument_that_no_case_is_asked_with_counts_nowhere(world):
    opened(world, world.therapist, 1)
    counted_in(world, "2026-03", 3, instrument_id="another")
    quarter = tally(world, "2026-Q1")
    assert (quarter.items[HEARD].count, quarter.off["off:unanswered"]) == (0, 0)


@pytest.mark.parametrize(
    ("status", "is_open", "state"),
    [
        ("settled", True, RepairState.SETTLED),
        ("more_to_do", True, RepairState.MORE_TO_DO),
        ("talked", True, RepairState.OPEN),
        ("talked", False, RepairState.ENDED),
        ("not_a_rupture", True, None),
    ],
)
def test_flags_are_counted_by_what_became_of_them(world, status, is_open, state):
    codes = opened(world, world.therapist, 2, closed_on=None if is_open else date(2026, 4, 1))
    answered(world, MARCH, codes, flagged=codes, status=status)
    assert tally(world, "2026-Q1").repairs == ({state: 2} if state else {})


def test_what_the_product_itself_stores_is_counted_and_a_deleted_answer_is_not(world):
    case = a_case_that_fell(world, off="yes")
    other = world.opens_a_case()
    meets_and_sends(world, other, "2026-03-03", LOW[:2])
    assert tally(world, "2026-03").flags == {None: (1, 1)}
    assert tally(world, "2026-Q1").score.count == 5
    it = world.installation
    with it.database.writing(None) as uow:
        uow.connection.execute(responses.delete().where(responses.c.case_code == case.code))
        uow.commit()
    assert tally(world, "2026-03").flags == {None: (0, 1)}


def test_the_register_counts_cases_open_at_the_beginning_of_a_day(world):
    quay = staffed(world, quay=2)["quay"]
    opened(world, quay[0], 3, closed_on=date(2026, 3, 1))
    opened(world, quay[0], 2, on=date(2026, 1, 5), closed_on=date(2026, 3, 2))
    opened(world, quay[1], 4, on=date(2026, 3, 1))
    opened(world, quay[1], 5, on=date(2026, 3, 2))
    with world.reading() as uow:
        found = register.open_cases_on(uow, date(2026, 3, 1))
    assert [(each.therapist_id, each.team_id, each.count) for each in found] == [
        ("quay0", "quay", 2),
        ("quay1", "quay", 4),
    ]


def test_codes_are_counted_by_the_clinics_own_days_and_stay_counted_when_they_are_gone(world):
    for day, hour in (("2026-03-01", 0), ("2026-03-31", 22), ("2026-03-31", 23)):  # the last is April in London
        there = world.on(day, hour)
        case = there.opens_a_case()
        there.shows_a_code(case, there.meets(case))
    with world.writing() as uow:
        uow.connection.execute(access_codes.delete())
        uow.commit()
    assert [tally(world, month).codes for month in ("2026-02", "2026-03", "2026-04", "2026-Q1")] == [0, 2, 1, 0]
    assert tally(world, "2026-Q1", STRICT).codes == 2, "a quarter publishes them under the strict rule alone"


def the_count(world):
    """Count a quarter; give the statement that counted, and its parameters."""
    with world.reading() as uow:
        asked = []
        event.listen(uow.connection, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        tally_period(uow, Period.read("2026-Q1"), USUAL, world.clinic.timezone)
    (counted,) = [(said, given) for said, given in asked if "answers" in said and "UNION ALL" in said]
    return counted


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_is_told_to_read_therapy_sessions_then_their_responses_then_the_answers(world):
    answered(world, MARCH, a_clinic_of(world))
    said, given = the_count(world)
    with world.reading() as uow:
        steps = [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)]
    read = [step.split()[1] for step in steps if step.startswith(("SEARCH", "SCAN"))]
    assert read.index("therapy_sessions") < read.index("responses") < read.index("answers")
    assert not [step for step in steps if "autoindex_responses_2" in step], "by receipt there is no order"
    assert not [step for step in steps if step.endswith("ORDER BY")], "they are in order already"


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_postgresql_is_told_to_count_from_the_indexes_of_the_keys_and_to_sort_no_answers(world):
    answered(world, MARCH, a_clinic_of(world))
    said, given = the_count(world)
    with world.reading() as uow:
        prepare_counting(uow)
        steps = [row[0].strip() for row in uow.connection.exec_driver_sql(f"EXPLAIN {said}", given)]
    for name in ("responses", "answers"):
        assert [step for step in steps if f"Index Only Scan using pk_{name} " in step], name
    assert not [step for step in steps if step.startswith("Sort Key") and "code" in step]
    assert not [step for step in steps if re.search("Hash Join|Nested Loop|Seq Scan|Bitmap", step)]

"""What is counted for a period: every client once, in the right month and team, on both databases alike."""

import random
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, update

from feedback import instruments
from feedback.domain.figures import measures
from feedback.domain.figures.contribution import FINE, Sums, of_client
from feedback.domain.figures.measures import RepairState
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Part
from feedback.domain.figures.rule import ITEM_MOST, SENSITIVITY, STRICT, USUAL
from feedback.domain.figures.unseen import NONE_UNSEEN, UnseenAnswer, UnseenAnswers
from feedback.domain.scoring import score
from feedback.persistence.figures import register
from feedback.persistence.figures.planner_hints import prepare_counting
from feedback.persistence.tables import access_codes, cases, responses, rupture_flags, staff
from feedback.services.answers.answer_sums import AskedItems
from feedback.services.figures.open_submissions import open_submissions
from feedback.services.figures.tally_period import tally_period
from tests.support.answering import LOW, a_case_that_fell, meets_and_sends
from tests.support.builders import SIX
from tests.support.figures import a_clinic_of, answered, counted_in, opened, staffed

MARCH = date(2026, 3, 10)
HEARD = "clients_mean:rapport-session:heard"
USUAL_FORM = "rapport-session"
OFF = "clients_off:"


def tally(world, period, rule=USUAL, unseen=None):
    it, wanted = world.installation, Period.read(period)
    with world.reading() as uow:
        taken_in = open_submissions(uow, it.keyring, it.journal, wanted).unseen if unseen is None else unseen
        return tally_period(uow, wanted, rule, world.clinic.timezone, taken_in)


def clients_in(quarter):
    """How many clients have a mean, and the mean over them of the score and of one item, in tenths."""
    up, down = quarter.sums.up[USUAL_FORM], quarter.sums.down[USUAL_FORM]
    clients = (up + down) / FINE / 100
    if not clients:
        return 0, None, None
    return clients, up / FINE / clients, 50 + quarter.sums.items[HEARD] / FINE / clients


def off(quarter):
    return {measures.member(name): count for name, count in quarter.sums.off.items() if count}


def unseen_of(code, ratings, direct="no"):
    return UnseenAnswer(code, "A", "2026-03", USUAL_FORM, 1, dict(zip(SIX, ratings, strict=False)), direct)


def test_clients_count_for_the_month_of_their_therapy_sessions_and_for_their_therapists_team(world):
    codes = a_clinic_of(world, quay=3, garden=3, none=1)
    answered(world, MARCH, codes, flagged=codes[:4])
    answered(world, date(2026, 4, 1), codes[:7], number=2)
    assert tally(world, "2026-03").flags == {"quay": (4, 11), "garden": (0, 15), None: (0, 5)}
    assert tally(world, "2026-04").flags == {"quay": (0, 7)}
    assert tally(world, "2026-Q1").flags == tally(world, "2026-03").flags
    assert tally(world, "2026-02").flags == {}


def test_a_client_counts_once_however_often_they_answer(world):
    one, other = opened(world, world.therapist, 2)
    for number in range(1, 9):
        rated = (number % 11,) * 6
        answered(world, date(2026, 3, 3 * number), [one], number=number, ratings=rated,
                 flagged=[one] if number > 4 else [], off="a_little" if number == 3 else "no")  # fmt: skip
    answered(world, MARCH, [other], ratings=(10,) * 6)
    assert tally(world, "2026-03").flags == {None: (1, 1)}
    quarter = tally(world, "2026-Q1")
    assert quarter.flags == {None: (1, 1)}
    assert clients_in(quarter) == (2, pytest.approx((45 + 100) / 2), pytest.approx((45 + 100) / 2))
    assert off(quarter) == {"a_little": 1, "no": 1}, "of several answers the clearest"
    assert quarter.repairs == {RepairState.OPEN: 1}


def test_seats_of_one_case_are_clients_of_their_own(world):
    codes = opened(world, world.therapist, 2)
    answered(world, MARCH, codes, flagged=codes[:1])
    with world.writing() as uow:
        uow.connection.execute(update(cases).values(seats=2))
    answered(world, MARCH, codes, number=2, seat="B", ratings=(0,) * 6, flagged=codes, off="yes")
    quarter = tally(world, "2026-Q1")
    assert quarter.flags == {None: (3, 1)}
    assert clients_in(quarter)[0] == 4
    assert off(quarter) == {"no": 2, "yes": 2}


def test_a_client_whose_therapist_changes_team_or_who_changes_therapist_counts_in_one_team_alone(world):
    codes = a_clinic_of(world, quay=3, garden=3)
    answered(world, date(2026, 1, 10), codes, flagged=codes[:3])
    with world.writing() as uow:
        uow.connection.execute(update(staff).where(staff.c.id == "quay0").values(team_id="garden"))
        uow.connection.execute(update(cases).where(cases.c.code == codes[5]).values(therapist_id="garden2"))
    answered(world, MARCH, codes, number=2)
    flags = tally(world, "2026-Q1").flags
    assert flags == {"quay": (0, 9), "garden": (3, 18)}
    assert sum(map(sum, flags.values())) == len(codes), "teams are disjoint"


def test_what_the_database_sums_is_what_adding_up_client_by_client_gives(world):
    """Shared and only counted answers, several seats, skipped items, forms without a score, the easier version."""
    coin = random.Random(5)  # noqa: S311  repeatable
    codes = opened(world, world.therapist, 6)
    with world.writing() as uow:
        uow.connection.execute(update(cases).values(seats=2))
    asked, given, unseen = AskedItems([instruments.load(USUAL_FORM)]), defaultdict(list), []
    rule = instruments.load(USUAL_FORM).total
    for number in range(1, 19):
        day, seat = date(2026, 1 + number % 3, coin.randint(1, 28)), coin.choice("AB")
        rated = [coin.choice((None, 0, 2.55, 7, 9.95, 10)) for _ in SIX]
        said = {item: value for item, value in zip(SIX, rated, strict=True) if value is not None}
        direct, form = coin.choice(("no", "not_sure", "a_little", "yes", None)), coin.choice((USUAL_FORM, "easy"))
        form = USUAL_FORM if form == USUAL_FORM else f"{USUAL_FORM}-easy"
        come = [code for code in codes if coin.random() < 0.7]
        value = score(rule, said)
        answered(world, day, come, number=number, seat=seat, ratings=rated, off=direct, score=value, form=form)
        for code in come:
            given[code, seat].append(asked.answer(form, said, direct))
        hidden = coin.choice(codes), coin.choice("AB"), f"{day:%Y-%m}", form, 1
        unseen.append(UnseenAnswer(*hidden, {**dict.fromkeys(SIX), **said}, direct))
    elsewhere = [UnseenAnswer("other", "A", "2026-02", USUAL_FORM, 1, {"heard": 4.0, "respect": 6.0}, None)]
    for taken_in in ([], unseen, unseen + elsewhere):
        clients = defaultdict(list, {client: list(mine) for client, mine in given.items()})
        for each in taken_in:
            clients[each.case_code, each.seat].append(asked.answer(each.instrument_id, each.ratings, each.direct))
        wanted = Sums()
        for mine in clients.values():
            wanted.add(of_client(mine, asked.ranking))
        found = tally(world, "2026-Q1", unseen=UnseenAnswers(tuple(taken_in))).sums
        assert +found.up == +wanted.up
        assert +found.down == +wanted.down
        assert {name: total for name, total in found.items.items() if total} == {
            name: total for name, total in wanted.items.items() if total
        }
        assert +found.off == +wanted.off


def test_taking_one_client_out_of_the_database_moves_nothing_by_more_than_its_sensitivity(world):
    """Neighbouring databases, as they are: all that one seat of one case sent in the quarter is there or is not."""
    coin = random.Random(7)  # noqa: S311  repeatable
    codes = a_clinic_of(world, cases_each=2, quay=2, garden=1)
    with world.writing() as uow:
        uow.connection.execute(update(cases).values(seats=2))
    unseen = []
    for number in range(1, 25):
        come, seat = [code for code in codes if coin.random() < 0.6], coin.choice("AB")
        day = date(2026, 1 + number % 3, coin.randint(1, 28))
        answered(world, day, come, number=number, seat=seat, ratings=[coin.randint(0, 10)] * 6,
                 off=coin.choice(("no", "yes", "a_little")), flagged=[code for code in come if coin.random() < 0.4],
                 status=coin.choice(("new", "settled", "more_to_do")))  # fmt: skip
        unseen.append(replace(unseen_of(coin.choice(codes), [coin.randint(0, 10)] * 6, "yes"), seat=coin.choice("AB")))
    periods = ("2026-01", "2026-02", "2026-03", "2026-Q1")

    def all_tallies(sent):
        return [tally(world, period, unseen=UnseenAnswers(tuple(sent))) for period in periods]

    for code, seat in ((codes[0], "A"), (codes[0], "B"), (codes[-1], "A")):
        before = all_tallies(unseen)
        with world.writing() as uow:
            for table in (rupture_flags, responses):
                uow.connection.execute(table.delete().where(table.c.case_code == code, table.c.seat == seat))
        unseen = [each for each in unseen if (each.case_code, each.seat) != (code, seat)]
        after = all_tallies(unseen)
        assert before != after
        for one, other in zip(before, after, strict=True):
            assert moved(flat(one.flags), flat(other.flags)) <= 1
            assert moved(one.repairs, other.repairs) <= 1
            assert moved(one.sums.off, other.sums.off) <= 1
            both = moved(one.sums.up, other.sums.up) + moved(one.sums.down, other.sums.down)
            assert both <= SENSITIVITY[Part.SCORE] * FINE
            assert moved(one.sums.items, other.sums.items) <= ITEM_MOST * len(SIX) * FINE


def flat(flags):
    return {(team, side): count for team, counts in flags.items() for side, count in enumerate(counts)}


def moved(one, other):
    return sum(abs(one.get(name, 0) - other.get(name, 0)) for name in {*one, *other})


def test_seen_and_unseen_answers_of_one_client_are_one_contribution(world):
    codes = a_clinic_of(world, cases_each=1, none=3)
    answered(world, MARCH, codes, ratings=(8,) * 6, off="no")
    alone = tally(world, "2026-Q1")
    more = (unseen_of(codes[0], (2,) * 6, "yes"), unseen_of("far", (5,) * 6, None), unseen_of("far", (3,) * 6, "no"))
    quarter = tally(world, "2026-Q1", unseen=UnseenAnswers(more, contested=4))
    assert clients_in(alone) == (3, 80, 80)
    assert clients_in(quarter) == (4, (80 + 80 + 50 + 40) / 4, (80 + 80 + 50 + 40) / 4)
    assert off(quarter) == {"no": 3, "yes": 1}
    assert (quarter.contested, alone.contested) == (4, 0)
    assert quarter.flags == alone.flags == {None: (0, 3)}, "what is only counted enters no count of flags"


def test_unseen_answers_count_in_their_own_quarter(world):
    codes = a_clinic_of(world, cases_each=1, none=3)
    answered(world, MARCH, codes, ratings=(7.5, 8, 8, 8, 8, 8.25), off="yes")
    counted_in(world, "2026-02", 2, (2, 2, 2, 2, 2, 2), direct=None)
    counted_in(world, "2026-04", 4)
    quarter = tally(world, "2026-Q1")
    assert clients_in(quarter) == (5, (3 * 80 + 2 * 20) / 5, (3 * 75 + 2 * 20) / 5)
    assert off(quarter) == {"yes": 3, "unanswered": 2}
    assert [measures.member(name) for name in quarter.off] == ["no", "not_sure", "a_little", "yes", "unanswered"]
    assert tally(world, "2026-03").flags == {None: (0, 3)}, "what is only counted enters no month"


def test_the_easier_version_counts_with_the_usual_one_and_too_few_ratings_enter_no_mean(world):
    counted_in(world, "2026-03", 3, (2.5, 5), instrument_id="rapport-session-easy")
    counted_in(world, "2026-03", 2, (2, 2, 2, 2, 2, 2), instrument_id="rapport-session-easy")
    opened(world, world.therapist, 1)
    quarter = tally(world, "2026-Q1")
    assert clients_in(quarter) == (2, 20, 20)
    assert off(quarter) == {"no": 5}


def test_a_question_that_was_skipped_counts_as_the_answers_own_average(world):
    counted_in(world, "2026-03", 1, (None, 4, 6, 4, 6, 5))
    opened(world, world.therapist, 1)
    assert clients_in(tally(world, "2026-Q1")) == (1, 50, 50)


def test_an_instrument_that_no_case_is_asked_with_counts_nowhere(world):
    opened(world, world.therapist, 1)
    counted_in(world, "2026-03", 3, instrument_id="another")
    quarter = tally(world, "2026-Q1")
    assert (clients_in(quarter)[0], off(quarter)) == (0, {})


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (("settled", "settled"), RepairState.SETTLED),
        (("settled", "more_to_do"), RepairState.MORE_TO_DO),
        (("more_to_do", "new", "settled"), RepairState.OPEN),
        (("not_a_rupture", "settled"), RepairState.SETTLED),
    ],
)
def test_a_client_with_several_flags_counts_where_the_least_done_of_them_stands(world, statuses, state):
    (code,) = opened(world, world.therapist, 1)
    for number, status in enumerate(statuses, 1):
        answered(world, MARCH, [code], number=number, flagged=[code], status=status)
    assert tally(world, "2026-Q1").repairs == {state: 1}


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
    assert clients_in(tally(world, "2026-Q1"))[0] == 1, "two ratings make no score"
    it = world.installation
    with it.database.writing(None) as uow:
        uow.connection.execute(responses.delete().where(responses.c.case_code == case.code))
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
    assert [tally(world, month).codes for month in ("2026-02", "2026-03", "2026-04", "2026-Q1")] == [0, 2, 1, 0]
    assert tally(world, "2026-Q1", STRICT).codes == 2, "a quarter publishes them under the strict rule alone"


def the_counts(world):
    """Count a quarter; give the statements that counted answers, and their parameters."""
    with world.reading() as uow:
        asked = []
        event.listen(uow.connection, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        tally_period(uow, Period.read("2026-Q1"), USUAL, world.clinic.timezone, NONE_UNSEEN)
    counted = [(said, given) for said, given in asked if "therapy_sessions" in said and "responses" in said]
    assert len(counted) == 3
    return counted


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_is_told_to_read_therapy_sessions_then_their_responses_then_the_answers(world):
    answered(world, MARCH, a_clinic_of(world))
    for said, given in the_counts(world):
        with world.reading() as uow:
            steps = [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)]
        read = [step.split()[1] for step in steps if step.startswith(("SEARCH", "SCAN"))]
        assert read.index("therapy_sessions") < read.index("responses")
        assert "answers" not in read or read.index("responses") < read.index("answers")
        assert not [step for step in steps if "autoindex_responses_2" in step], "by receipt there is no order"


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_postgresql_is_told_to_count_from_the_indexes_of_the_keys(world):
    answered(world, MARCH, a_clinic_of(world))
    for said, given in the_counts(world):
        with world.reading() as uow:
            prepare_counting(uow)
            steps = [row[0].strip() for row in uow.connection.exec_driver_sql(f"EXPLAIN {said}", given)]
        assert [step for step in steps if "Index Only Scan using pk_responses " in step]
        assert "JOIN answers" not in said or [step for step in steps if "Index Only Scan using pk_answers " in step]
        assert not [step for step in steps if re.search("Hash Join|Nested Loop|Seq Scan|Bitmap", step)]

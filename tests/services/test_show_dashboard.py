"""The dashboard: whom it lists, in which order, at which price."""

from datetime import date, timedelta

import pytest

from feedback.domain.audience import Audience
from feedback.domain.care import Role
from feedback.domain.rupture import FlagStatus
from feedback.persistence.flags import flags
from feedback.services.cases.note_opened import Shown, note_opened
from feedback.services.cases.open_case import close_case
from feedback.services.dashboard.show_dashboard import show_dashboard
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends, sends
from tests.support.builders import a_therapist
from tests.support.counting import counting


def board(world, therapist=None, **more):
    it, whose = world.installation, therapist or world.therapist
    with world.reading() as uow:
        return show_dashboard(uow, it.clock, it.keyring, clinic=world.clinic, therapist=whose, **more)


def listed(world):
    seen = board(world)
    return [one.place[0] for one in seen.told.shown] + [card.flag.case_code for card in seen.cards]


def test_a_clear_yes_comes_first_then_who_asked_to_be_asked_then_the_larger_drop(world):
    small = a_case_that_fell(world, off="a_little")
    asked = a_case_that_fell(world, off="a_little", wish="bring_up")
    clear = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, clear, "2026-03-02", (10, 10, 10, 10, 10, 10), off="yes")
    large = world.on("2026-02-01").opens_a_case()
    for day in ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"):
        meets_and_sends(world, large, day, (9, 9, 9, 9, 9, 9))
    meets_and_sends(world, large, "2026-03-02", (2, 2, 2, 2, 2, 2))
    assert listed(world) == [clear.code, asked.code, large.code, small.code]


def test_among_equals_the_early_sessions_come_first_however_small_the_drop(world):
    late = a_case_that_fell(world, off="a_little")
    early = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, early, "2026-02-23", (9, 9, 9, 9, 9, 9))
    meets_and_sends(world, early, "2026-03-02", (8, 8, 8, 8, 8, 8), off="a_little", closest="pushed")
    assert listed(world) == [early.code, late.code]


def weekly(world, forms, seats=1):
    case = world.on("2026-01-01").opens_a_case(seats=seats)
    for week, ratings in enumerate(forms):
        day = date(2026, 1, 5) + timedelta(weeks=week)
        if ratings:
            meets_and_sends(world, case, day, ratings)
        else:
            world.on(day).meets(case)
    return case


TENS = (10, 10, 10, 10, 10, 10)


def noted(world):
    return [(note.kind.value, note.case_code, note.count) for note in board(world).notes]


def test_tens_every_time_are_a_note_from_the_third_answer_on_and_never_a_flag(world):
    case = weekly(world, [TENS, TENS, TENS])
    weekly(world, [TENS, TENS])
    weekly(world, [TENS, TENS, GOOD])
    assert noted(world) == [("all_tens", case.code, 3)]
    assert case.code not in listed(world)


def test_three_sessions_without_an_answer_are_a_note_once_there_was_one(world):
    case = weekly(world, [GOOD, None, None, None])
    weekly(world, [GOOD, None, None])
    weekly(world, [None, None, None])
    assert noted(world) == [("not_heard", case.code, 3)]


def test_a_closed_case_and_another_therapists_have_no_note(world):
    it, case = world.installation, weekly(world, [TENS, TENS, TENS])
    mika = world.hire(a_therapist(id="mika", email="mika@example.org"))
    assert board(world, mika).notes == ()
    with world.writing() as uow:
        close_case(uow, it.clock, it.keyring, case=case, by=world.therapist)
    assert noted(world) == []


def test_an_answer_nobody_reads_neither_makes_nor_ends_a_note(world):
    case = weekly(world, [GOOD, None, None, None])
    before = board(world)
    sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS)
    after = board(world)
    assert (before.notes[0].count, after.notes[0].count) == (3, 4)
    assert after.notes[0].last == before.notes[0].last


def test_the_card_carries_the_clients_words_wish_and_the_private_label(world):
    case = world.on("2026-02-01").opens_a_case(label="Tuesdays")
    meets_and_sends(world, case, "2026-03-02", LOW, off="yes", wish="just_know", comment="It felt rushed.")
    seen = board(world)
    (told,), (card,) = seen.told.shown, seen.told_flags.values()
    for one in (told, card):
        assert (one.comment, one.label, one.choices["wish"]) == ("It felt rushed.", "Tuesdays", ("just_know",))


def test_a_settled_flag_and_a_closed_case_are_not_listed(world):
    it = world.installation
    settled, closed = a_case_that_fell(world, off="yes"), a_case_that_fell(world, off="yes")
    with world.writing() as uow:
        flag = flags.list_flags(uow, settled.code)[0]
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.SETTLED, by=world.therapist)
        close_case(uow, it.clock, it.keyring, case=closed, by=world.therapist)
        note_opened(uow, shown=Shown(opened=frozenset({(closed.code, 5, "A")})), by=world.therapist)
    assert listed(world) == []


def test_another_therapist_sees_none_of_it(world):
    a_case_that_fell(world, off="yes")
    mika = world.hire(a_therapist(id="mika", email="mika@example.org", role=Role.THERAPIST))
    seen = board(world, mika)
    assert (seen.cards, seen.recent, seen.shared_this_week) == ((), (), 0)


def test_the_recent_sessions_are_the_newest_and_say_what_was_shared(world):
    case = world.on("2026-02-20").opens_a_case()
    meets_and_sends(world, case, "2026-02-23", GOOD)
    meets_and_sends(world, case, "2026-02-24", GOOD)
    world.meets(case)
    seen = board(world)
    assert [(line.meeting.number, line.meeting.is_shared) for line in seen.recent] == [
        (3, False),
        (2, True),
        (1, True),
    ]
    assert seen.shared_this_week == 1


def marks(world, case, outcome):
    it = world.installation
    with world.writing() as uow:
        flag = flags.list_flags(uow, case.code)[0]
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=outcome, by=world.therapist)


def test_a_new_signal_is_still_open_once_something_is_marked_or_shared(world):
    fresh, marked = a_case_that_fell(world, off="a_little"), a_case_that_fell(world, off="a_little")
    answered = a_case_that_fell(world, off="not_sure")
    marks(world, marked, FlagStatus.TALK_PLANNED)
    meets_and_sends(world, answered, "2026-03-09", (7, 6, 7, 6, 6, 7))
    seen = board(world.on("2026-03-09"))
    assert [card.flag.case_code for card in seen.new] == [fresh.code]
    assert {card.flag.case_code: len(card.later) for card in seen.still} == {marked.code: 0, answered.code: 1}
    assert (seen.flags, seen.still_open, seen.left_out) == (3, 2, 0)


def test_what_the_client_says_has_held_comes_last_and_stays_until_it_is_marked(world):
    held, waiting = a_case_that_fell(world, off="yes"), a_case_that_fell(world, off="a_little")
    for case in (held, waiting):
        marks(world, case, FlagStatus.TALKED)
    meets_and_sends(world, held, "2026-03-09", GOOD, off="no", repair="helped")
    later = world.on("2026-03-09")
    assert [(card.flag.case_code, card.outcome.value) for card in board(later).still] == [
        (waiting.code, "open"),
        (held.code, "repaired"),
    ]
    marks(later, held, FlagStatus.SETTLED)
    assert [card.flag.case_code for card in board(later).still] == [waiting.code]


def test_an_answer_nobody_reads_does_not_end_a_new_signal(world):
    case = a_case_that_fell(world, off="a_little")
    later = world.on("2026-03-09")
    sends(later, later.shows_a_code(case, later.meets(case)), audience=Audience.TOTALS)
    assert [card.flag.case_code for card in board(later).new] == [case.code]


def test_the_first_six_are_shown_in_their_order_and_all_on_request(world):
    for place in range(10):
        case = world.on("2026-02-20").opens_a_case(label=str(place))
        meets_and_sends(world, case, "2026-03-02", LOW, off="a_little", closest="pushed")
    seen, everything = board(world), board(world, everything=True)
    assert (seen.flags, len(seen.cards), seen.left_out) == (10, 6, 4)
    assert (len(everything.cards), everything.left_out) == (10, 0)
    assert [card.flag.id for card in seen.cards] == [card.flag.id for card in everything.cards][:6]


@pytest.mark.parametrize("cases", [1, 12])
def test_the_number_of_queries_and_of_rows_does_not_depend_on_the_caseload(world, cases):
    for place in range(cases):
        case = world.on("2026-02-20").opens_a_case(label="a label")
        meets_and_sends(world, case, "2026-02-24", LOW, off="yes")
        if place % 2:
            marks(world, case, FlagStatus.TALKED)
        meets_and_sends(world, case, "2026-03-02", LOW, off="yes", comment="It felt rushed.")
    with counting(world) as asked:
        seen = board(world)
    assert (len(seen.told.shown), len(seen.told.rows), len(seen.cards)) == {1: (2, 2, 0), 12: (12, 18, 4)}[cases]
    assert len(asked) == 9

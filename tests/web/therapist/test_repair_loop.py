"""What became of a possible rupture: the mark, the next three answers and the client's word, side by side."""

import pytest

from feedback.persistence.flags import flags
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends
from tests.support.desk import a_desk
from tests.support.html import soup

WORSE = (4, 4, 4, 4, 4, 4)


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="yes", wish="bring_up")


def after(world, case, on="2026-04-06"):
    """The panel on the flag of session 5, read on a later day."""
    tree = soup(a_desk(world.on(on)).opens(f"/cases/{case.code}", session=5).text)
    return tree.select_one("#after")


def verdict(world, case):
    return after(world, case).p.b.text


def marks(world, case, outcome):
    with world.reading() as uow:
        flag = next(one for one in flags.list_flags(uow, case.code) if one.session_number == 5)
    return a_desk(world).sends(f"/flags/{flag.id}", outcome=outcome)


def test_before_a_mark_or_an_answer_there_is_nothing_to_tell(world, case):
    assert after(world, case) is None


def test_before_the_next_answer_nothing_is_known(world, case):
    marks(world, case, "talk_planned")
    assert verdict(world, case) == "Not known yet."
    assert "nothing on it yet" in after(world, case).get_text()


def test_an_answer_back_in_the_usual_range_means_repaired_whatever_was_marked(world, case):
    marks(world, case, "more_to_do")
    meets_and_sends(world, case, "2026-03-09", GOOD)
    panel = after(world, case)
    assert panel.p.b.text == "Repaired."
    assert "more to do, 2 March" in panel.select_one("dl").get_text()
    assert "back in the usual" in panel.select_one("ol.later li").get_text()


def test_the_clients_own_word_is_shown_as_theirs(world, case):
    meets_and_sends(world, case, "2026-03-09", LOW, repair="helped")
    panel = after(world, case)
    assert panel.p.b.text == "Repaired."
    assert panel.select_one("dl q").text == "Yes, we talked, and it helped."


def test_talked_about_without_a_return_is_not_yet_settled(world, case):
    meets_and_sends(world, case, "2026-03-09", WORSE, repair="not_settled")
    assert verdict(world, case) == "Talked about, not yet settled."


def test_three_answers_without_a_return_leave_it_still_open_and_a_fourth_is_not_listed(world, case):
    for day in ("2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"):
        meets_and_sends(world, case, day, (1, 1, 1, 1, 1, 1), off="yes")
    panel = after(world, case)
    assert panel.p.b.text == "Still open."
    assert [item.a.text for item in panel.select("ol.later li")] == ["Session 6", "Session 7", "Session 8"]
    assert "with a new clear “Yes”" in panel.select_one("ol.later li").get_text()


def test_a_word_that_comes_after_the_third_answer_still_counts(world, case):
    for day in ("2026-03-09", "2026-03-16", "2026-03-23"):
        meets_and_sends(world, case, day, (1, 1, 1, 1, 1, 1), off="yes")
    meets_and_sends(world, case, "2026-03-30", LOW, repair="helped")
    panel = after(world, case)
    assert panel.p.b.text == "Repaired."
    assert "Later, at session 9: Yes, we talked, and it helped." in panel.get_text()


def test_a_session_without_an_answer_is_not_one_of_the_three(world, case):
    world.on("2026-03-09").meets(case)
    meets_and_sends(world, case, "2026-03-16", GOOD)
    assert [item.a.text for item in after(world, case).select("ol.later li")] == ["Session 7"]


def test_a_case_closed_before_a_return_ended_while_open_and_opening_it_again_undoes_that(world, case):
    a_desk(world).sends(f"/cases/{case.code}/close")
    assert verdict(world, case) == "Ended while open."
    a_desk(world).sends(f"/cases/{case.code}/reopen")
    assert after(world, case) is None

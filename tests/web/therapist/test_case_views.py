"""Question by question, on paper, and to look at together: the same answers, each for its own moment."""

import pytest

from tests.support.answering import GOOD, LOW, a_case_that_fell, a_couple, meets_and_sends
from tests.support.builders import SIX
from tests.support.desk import a_desk
from tests.support.html import soup

JARGON = ("rupture", "flag", "usual range", "alliance", "finding", "score", "case", "client")


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="yes", wish="bring_up", comment="Too fast.")


def opened(world, path, **query):
    answer = a_desk(world).opens(path, **query)
    assert answer.status_code == 200
    return soup(answer.text)


def test_each_question_has_a_small_chart_with_a_name_a_sentence_and_the_same_numbers_in_a_table(world, case):
    tree = opened(world, f"/cases/{case.code}")
    charts = tree.select("svg.item")
    assert len(charts) == len(SIX)
    names = [chart.title.text for chart in charts]
    assert names[0] == "Felt understood"
    assert "From 8 at session 1 to 6 at session 5, lowest 6 at session 5." in charts[0].desc.text
    table = tree.select_one("table.tight")
    assert [cell.text for cell in table.select("thead th")][1:] == names
    last = [cell.text for cell in table.select("tbody tr")[-1].select("td")]
    assert last == [str(value) for value in LOW]


def test_a_question_left_out_is_a_gap_in_its_own_chart_and_a_dash_in_the_table(world):
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-09", GOOD)
    meets_and_sends(world, case, "2026-02-16", (7, 7, 7, 7))
    meets_and_sends(world, case, "2026-02-23", GOOD)
    tree = opened(world, f"/cases/{case.code}")
    charts = tree.select("svg.item")
    assert charts[-1].select("path.gap")
    assert not charts[0].select("path.gap")
    assert tree.select("table.tight tbody tr")[1].select("td")[-1].text == "–"


def test_on_paper_everything_is_open_and_nothing_can_be_pressed(world, case):
    tree = opened(world, f"/cases/{case.code}/print")
    assert tree.select("main button, main form, main input") == []
    tables = tree.select("main details")
    assert tables
    assert all(details.has_attr("open") for details in tables)
    said = tree.main.get_text()
    assert "Too fast." in said
    assert "All possible ruptures so far" in said
    assert "you marked nothing yet. Not known yet." in said


def test_looking_at_it_together_shows_the_answers_and_none_of_the_trade(world, case):
    tree = opened(world, f"/cases/{case.code}/together")
    assert tree.select("nav") == []
    assert tree.select(".dm, .band, .rep") == []
    said = tree.body.get_text().lower()
    assert [word for word in JARGON if word in said] == []
    assert [cell.text for cell in tree.select(".ans .num")] == [str(value) for value in LOW]
    assert "too fast" not in said


def test_in_a_couple_each_looks_at_their_own_and_at_nobody_elses(world):
    case = a_couple(world)
    first, second = (opened(world, f"/cases/{case.code}/together", seat=seat) for seat in "AB")
    assert [cell.text for cell in first.select(".ans .num")] == ["8"] * 6
    assert [cell.text for cell in second.select(".ans .num")] == [str(value) for value in LOW]
    links = [link["href"] for link in opened(world, f"/cases/{case.code}").select(".ways-in a")]
    assert links[:2] == [f"/cases/{case.code}/together?seat={seat}" for seat in "AB"]


@pytest.mark.parametrize("query", [{"seat": "B"}, {"session": "99"}])
def test_a_place_this_case_does_not_have_is_a_404(world, case, query):
    assert a_desk(world).opens(f"/cases/{case.code}/together", **query).status_code == 404


def test_before_any_answer_there_is_nothing_to_look_at_and_no_way_there(world):
    case = world.opens_a_case()
    assert "There is nothing to look at yet." in opened(world, f"/cases/{case.code}/together").main.get_text()
    ways = [link.text for link in opened(world, f"/cases/{case.code}").select(".ways-in a")]
    assert ways == ["Arrangements"]

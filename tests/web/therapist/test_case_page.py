"""The case page: trajectory, answers, reasons, guidance, marks, and what became of them."""

import re

import pytest

from feedback.domain.audience import Audience
from feedback.persistence.answers import responses
from feedback.persistence.flags import flags
from feedback.services.answers.withdraw_response import withdraw_response
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends, sends
from tests.support.desk import a_desk
from tests.support.html import soup


@pytest.fixture
def case(world):
    return a_case_that_fell(world, off="a_little", wish="bring_up", closest="pushed", comment="Too fast.")


def page(world, case, **query):
    return soup(a_desk(world).opens(f"/cases/{case.code}", **query).text)


def flag_of(world, case):
    with world.reading() as uow:
        return flags.list_flags(uow, case.code)[0]


def test_the_heading_says_where_the_newest_answer_lies(world, case):
    assert page(world, case).select_one("#tr").text == "Today fell below their usual range"


@pytest.mark.checklist(36)
def test_the_chart_has_a_title_a_sentence_and_a_table_of_the_same_numbers(world, case):
    tree = page(world, case)
    charts = tree.select("svg.wide, svg.narrow")
    assert len(charts) == 2
    for chart in charts:
        names = chart["aria-labelledby"].split()
        assert [tree.select_one(f"#{name}").name for name in names] == ["title", "desc"]
        assert "Possible rupture at session 5" in chart.desc.text
    rows = [
        [cell.get_text(strip=True) for cell in row.select("td")] for row in tree.select("table:not(.tight) tbody tr")
    ]
    assert [row[1] for row in rows] == ["8.0", "8.0", "8.0", "8.0", "5.3"]
    assert [row[2] == "not yet known" for row in rows] == [True, True, False, False, False]
    assert [row[3] for row in rows] == ["", "", "", "", "Possible rupture"]


@pytest.mark.checklist(36)
def test_a_session_without_an_answer_is_a_dotted_gap_and_says_nothing_shared(world):
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-10", GOOD)
    world.on("2026-02-17").meets(case)
    meets_and_sends(world, case, "2026-02-24", GOOD)
    tree = page(world, case)
    assert tree.select("path.gap")
    assert "nothing shared" in tree.select("details tbody tr")[1].get_text()
    assert page(world, case, session="2").select_one("#an").parent.p.text == "Nothing shared yet."


def test_each_answer_stands_beside_what_this_person_usually_gives(world, case):
    rows = [
        (row.dt.text, row.select_one(".u").text, row.select_one(".num").text)
        for row in page(world, case).select(".ans > div:not(.w)")
    ]
    assert rows[0] == ("Felt understood", "usual 8.0", "6")
    assert rows[1] == ("Free to say what was on their mind", "usual 8.0", "4")


def test_an_older_session_can_be_opened_and_shows_what_was_usual_then(world, case):
    tree = page(world, case, session="2")
    assert tree.select_one("#an").text == "Session 2, answer by answer"
    assert {cell.text for cell in tree.select(".ans .u")} == {"not yet known"}


def test_the_reasons_say_on_how_many_forms_they_rest_and_how_often_they_are_wrong(world, case):
    said = page(world, case).select_one(".begin").get_text()
    assert "This rests on 5 answered forms." in said
    assert re.search(r"About \d in 10 such flags turn out to be nothing", said)
    assert "possible rupture" in said.lower()


@pytest.mark.checklist(37)
def test_the_guidance_follows_the_clients_wish_and_word(world, case):
    said = page(world, case).select_one("aside").get_text()
    assert "They asked you to bring it up." in said
    assert "went too fast for you" in said
    assert "awaiting review by clinicians" in said


def test_why_and_their_words_come_first_then_a_way_to_open_it_and_only_then_the_numbers(world, case):
    tree = page(world, case)
    order = [
        tree.main.get_text().index(words) for words in ("Too fast.", "A way to open it", "usual range.", "usual 8.0")
    ]
    assert order == sorted(order)
    assert len(tree.select("blockquote")) == 1
    assert not tree.select("#after"), "nothing has become of it yet"


def test_a_mark_with_a_note_is_kept_logged_and_can_be_undone(world, case):
    desk, flag = a_desk(world), flag_of(world, case)
    saved = desk.sends(f"/flags/{flag.id}", outcome="settled", note="We slowed down.\nIt helped.")
    assert (saved.status_code, saved.location) == (303, f"/cases/{case.code}?session=5#mark")
    tree = page(world, case)
    assert tree.select_one("#mark .kept").text == "We slowed down.\nIt helped."
    assert [item.text for item in tree.select(".log li")] == ["2 March: settled"]
    assert tree.select_one('input[value="settled"]').has_attr("checked")
    assert [item.text for item in tree.select("path.rep + text")] == ["talk", "talk"]
    desk.sends(f"/flags/{flag.id}/undo")
    assert [item.text for item in page(world, case).select(".log li")][-1] == "2 March: taken back to new"
    assert flag_of(world, case).status.value == "new"


def test_without_a_choice_the_note_comes_back_as_typed(world, case):
    answer = a_desk(world).sends(f"/flags/{flag_of(world, case).id}", note="We <b>slowed</b> down.")
    assert answer.status_code == 400
    tree = soup(answer.text)
    assert tree.select_one("#note").text == "We <b>slowed</b> down."
    assert tree.select_one(".wrong").text == "Choose what fits best."


def test_what_the_client_says_next_stands_beside_the_therapists_mark(world, case):
    a_desk(world).sends(f"/flags/{flag_of(world, case).id}", outcome="settled")
    meets_and_sends(world, case, "2026-03-09", LOW, repair="not_settled")
    tree = page(world.on("2026-03-09"), case, session="5")
    said = tree.aside.get_text()
    assert "Talked about, not yet settled." in said
    assert "You markedsettled, 2 March" in said
    assert "Yes, we talked, but it is not settled." in said
    assert tree.select_one(".begin .tag").text == "Settled"


def test_a_withdrawn_answer_behind_a_reviewed_flag_says_so_and_shows_nothing_of_it(world):
    case = world.on("2026-02-01").opens_a_case()
    meeting = world.meets(case)
    receipt = sends(world, world.shows_a_code(case, meeting), LOW, off="yes", comment="Too fast.")
    a_desk(world).sends(f"/flags/{flag_of(world, case).id}", outcome="talk_planned")
    withdraws(world, receipt)
    tree = page(world, case, session="1")
    text = tree.main.get_text()
    assert text.count("This answer was withdrawn by the client. That is their right and needs no reason.") >= 1
    assert "Too fast." not in text
    assert "5.3" not in text
    assert not tree.select(".ans")
    assert a_desk(world).opens("/dashboard").status_code == 200


def test_a_withdrawn_answer_without_a_mark_leaves_a_word_and_nothing_else(world):
    silent, withdrawn = world.on("2026-02-01").opens_a_case(), world.on("2026-02-01").opens_a_case()
    world.shows_a_code(silent, world.meets(silent))
    receipt = sends(world, world.shows_a_code(withdrawn, world.meets(withdrawn)), LOW, off="yes")
    withdraws(world, receipt)
    desk = a_desk(world)
    before, after = (desk.opens(f"/cases/{case.code}").text.replace(case.code, "CODE") for case in (silent, withdrawn))
    assert after.replace(">withdrawn<", ">nothing shared<") == before
    assert after != before


def withdraws(world, receipt):
    it = world.installation
    with it.database.writing(None) as uow:
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)


def test_a_case_can_be_closed_and_opened_again(world, case):
    desk = a_desk(world)
    desk.sends(f"/cases/{case.code}/close")
    assert "Closed 2 March" in page(world, case).main.get_text()
    assert desk.sends(f"/cases/{case.code}/sessions").status_code == 409
    desk.sends(f"/cases/{case.code}/reopen")
    assert desk.sends(f"/cases/{case.code}/sessions").status_code == 303


@pytest.mark.parametrize("session", ["99", "0", "-1"])
def test_a_session_that_does_not_exist_is_a_404(world, case, session):
    assert a_desk(world).opens(f"/cases/{case.code}", session=session).status_code == 404


def test_a_form_with_too_few_answers_is_shown_without_a_score(world):
    case = world.opens_a_case()
    meets_and_sends(world, case, "2026-03-02", (5, 5))
    tree = page(world, case)
    assert tree.select_one("#tr").text == "Today has too few answers for a score"
    assert "too few answers" in tree.select_one("details").get_text()


def test_an_answer_for_totals_is_nowhere_in_the_tables_a_staff_page_reads(world):
    case = world.opens_a_case()
    sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS, off="yes")
    with world.reading() as uow:
        assert responses.list_responses(uow, case.code) == ()
        assert flags.list_flags(uow, case.code) == ()

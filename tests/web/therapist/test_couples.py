"""Couples and groups: one therapy session, a code for each seat, and nobody's answers in anybody else's place."""

import pytest

from feedback.persistence.cases import care
from feedback.persistence.flags import flags
from tests.support.answering import GOOD, LOW, a_couple, meets_and_sends, sends, sends_from
from tests.support.desk import a_desk
from tests.support.html import soup
from tests.support.phone import Phone


@pytest.fixture
def couple(world):
    return a_couple(world)


def page(world, path, **query):
    return soup(a_desk(world).opens(path, **query).text)


def people(world, case, **query):
    return page(world, f"/cases/{case.code}", **query).select("section.seat")


@pytest.mark.parametrize(("seat", "named"), [("A", "Person A, session 4"), ("B", "Person B, session 4")])
def test_the_page_to_guess_says_whose_answer_it_is(world, couple, seat, named):
    said = page(world, f"/cases/{couple.code}/guess", session="4", seat=seat).main.p.get_text()
    assert said == f"Case {couple.code}, {named}"


@pytest.mark.parametrize(("typed", "seats"), [("", 1), ("1", 1), ("2", 2), ("8", 8)])
def test_a_case_is_opened_for_as_many_people_as_was_said(world, typed, seats):
    answer = a_desk(world).sends("/cases", label="", seats=typed)
    assert answer.status_code == 303
    with world.reading() as uow:
        assert care.get_case(uow, answer.location.rsplit("/", 1)[1]).seats == seats


@pytest.mark.parametrize("typed", ["0", "9", "-1", "two", "1.5", "9" * 30])
def test_no_case_is_opened_for_a_number_that_will_not_do(world, typed):
    answer = a_desk(world).sends("/cases", label="Tuesdays", seats=typed)
    tree = soup(answer.text)
    assert answer.status_code == 400
    assert tree.select_one("#seats")["aria-invalid"] == "true"
    assert tree.select_one("#label")["value"] == "Tuesdays"
    with world.reading() as uow:
        assert care.list_cases(uow, world.therapist.id) == ()


def test_a_new_session_opens_one_code_for_each_person_shown_one_at_a_time(world):
    case = world.opens_a_case(seats=3)
    where = a_desk(world).sends(f"/cases/{case.code}/sessions").location
    shown = {}
    for view in ("", "square"):
        for seat in "ABC":
            tree = page(world, f"{where}&seat={seat}" + (f"&view={view}" if view else ""))
            assert len(tree.select("svg.qr")) == 1
            assert tree.select_one(".people [aria-current]").text == f"Person {seat}"
            assert [link.text for link in tree.select(".people a")] == ["Person A", "Person B", "Person C"]
            shown[view, seat] = tree.select_one(".code").text
    assert len(set(shown.values())) == 3
    assert all(shown["", seat] == shown["square", seat] for seat in "ABC")


def test_individual_work_says_nothing_of_persons(world):
    case = world.opens_a_case()
    where = a_desk(world).sends(f"/cases/{case.code}/sessions").location
    assert where == f"/cases/{case.code}/code?session=1"
    for path in (where, f"{where}&view=square", f"/cases/{case.code}", f"/cases/{case.code}/card?session=1"):
        tree = page(world, path)
        assert "Person" not in tree.get_text(), path
        assert "seat=" not in str(tree), path


@pytest.mark.parametrize("seat", ["C", "AB", "a", "x", "0"])
def test_a_seat_the_case_does_not_have_is_a_404(world, couple, seat):
    desk = a_desk(world)
    assert desk.opens(f"/cases/{couple.code}/code", session="5", seat=seat).status_code == 404
    assert desk.sends(f"/cases/{couple.code}/code", session="5", seat=seat).status_code == 404


def test_each_person_has_their_own_course_answers_and_flag(world, couple):
    first, second = people(world, couple)
    assert [part.h2.text for part in (first, second)] == ["Person A", "Person B"]
    assert first.blockquote.get_text(strip=True) == "“From A alone.”"
    assert second.blockquote.get_text(strip=True) == "“From B alone.”"
    scores = [
        [cell.text for cell in part.select("table:not(.tight) tbody td:nth-of-type(2)")] for part in (first, second)
    ]
    assert scores == [["8.0"] * 5, ["8.0"] * 4 + ["5.3"]]
    assert "Nothing stands out" not in first.get_text()
    assert "They told you, session 5" in first.get_text()
    assert "Possible rupture, session 5" in second.get_text()
    assert first.select_one("form") is None


def test_no_two_parts_of_the_page_share_an_id(world, couple):
    meets_and_sends(world, couple, "2026-03-02", LOW, off="yes")
    sends_from(world, couple, "B", LOW, off="yes")
    tree = page(world, f"/cases/{couple.code}")
    assert len(tree.select("[id^=mark]")) == 2
    ids = [part["id"] for part in tree.select("[id]")]
    assert len(ids) == len(set(ids))
    named = {name for part in tree.select("[aria-labelledby]") for name in part["aria-labelledby"].split()}
    assert named <= set(ids)


def test_one_answer_alone_is_shown_in_its_place_and_the_other_says_nothing_shared(world):
    case = world.opens_a_case(seats=2)
    world.meets(case)
    sends_from(world, case, "B", GOOD)
    first, second = people(world, case)
    assert "Nothing shared yet." in first.get_text()
    assert second.select_one(".ans")
    assert page(world, f"/cases/{case.code}").select_one("main > p").text.endswith("1 session, 1 shared with you.")


def test_the_dashboard_names_the_person_and_leads_to_their_mark(world, couple):
    article = page(world, "/dashboard").select_one("article[data-flag]")
    assert article.h3.text == f"Case {couple.code}, Person B"
    assert "From A alone." not in article.get_text()
    assert article.select_one(".b.t")["href"] == f"/cases/{couple.code}?session=5#mark-b"
    assert page(world, f"/cases/{couple.code}", session="5").select_one("#mark-b")


def test_the_recent_sessions_have_a_line_for_each_person(world, couple):
    tree = page(world, "/dashboard")
    first, second = tree.select("tbody tr")[:2]
    assert first.th.text == f"{couple.code}, Person A"
    assert "8.0" in first.text
    assert second.th.text == f"{couple.code}, Person B"
    assert "5.3" in second.text
    assert "1 session was shared with you" in tree.main.get_text()


def test_a_mark_is_about_one_persons_flag_and_leads_back_to_it(world, couple):
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, couple.code)
    desk = a_desk(world)
    missing = soup(desk.sends(f"/flags/{flag.id}", note="Spoke with both.").text)
    assert missing.select_one("#note-b").text == "Spoke with both."
    saved = desk.sends(f"/flags/{flag.id}", outcome="talked", note="Spoke with both.")
    assert saved.location == f"/cases/{couple.code}?session=5#mark-b"
    first, second = people(world, couple)
    assert "Spoke with both." not in first.get_text()
    assert "Spoke with both." in second.get_text()


def test_the_repair_question_is_asked_only_of_whose_flag_is_open(world, app, couple):
    meeting = world.meets(couple)
    asked = {}
    for seat in "AB":
        code = world.shows_a_code(couple, meeting, seat)
        asked[seat] = 'name="repair"' in Phone(app).opens(code.token).text
    assert asked == {"A": False, "B": True}


def test_nothing_one_person_wrote_is_on_the_others_pages(world, app, couple):
    meeting = world.meets(couple)
    own, other = (world.shows_a_code(couple, meeting, seat) for seat in "AB")
    before = Phone(app).opens(other.token).status_code
    sends(world, own, LOW, comment="Only for Dana.")
    after = Phone(app).opens(other.token)
    assert (before, after.status_code) == (200, 200)
    assert "Only for Dana." not in after.text


def test_cards_are_printed_for_everybody_and_say_whose_they_are(world):
    case = world.opens_a_case(seats=8)
    for seat in "ABCDEFGH":
        a_desk(world).sends(f"/cases/{case.code}/code", seat=seat)
    cards = page(world, f"/cases/{case.code}/card").select(".card")
    assert [card.select_one(".small b").text for card in cards] == [f"Person {seat}." for seat in "ABCDEFGH"]
    assert len({card.select_one(".code").text for card in cards}) == 8
    assert all(case.code not in card.get_text() for card in cards)


def test_nobody_says_that_all_may_be_well_with_who_has_sent_nothing(world):
    case = world.on("2026-02-01").opens_a_case(seats=2)
    meets_and_sends(world, case, "2026-02-09", GOOD)
    first, second = people(world, case)
    assert "Nothing stands out" in first.get_text()
    assert "Nothing stands out" not in second.get_text()
    assert "all is well" not in second.get_text()


def test_the_first_page_says_nothing_of_being_well_where_nothing_was_shared(world):
    desk = a_desk(world)
    case = world.on("2026-02-01").opens_a_case()
    world.meets(case)
    assert "all is well" not in desk.opens("/dashboard").text
    meets_and_sends(world, case, "2026-03-02", GOOD)
    assert "all is well" in desk.opens("/dashboard").text

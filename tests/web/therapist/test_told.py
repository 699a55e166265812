"""What a client told outright is the first thing a therapist sees, whatever the numbers, until it is read or answered.

Nothing of it waits for the detector: the forms here are all tens, and none of the wishes raises a flag.
"""

import re
from datetime import date

import pytest

from feedback.domain.audience import Audience
from feedback.domain.rupture import FlagStatus
from feedback.persistence.dashboard.told import list_marks
from feedback.persistence.flags import flags
from feedback.persistence.upkeep.purging import forget_comments
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, meets_and_sends, sends, sends_from
from tests.support.builders import a_therapist
from tests.support.counting import counting
from tests.support.desk import Desk, a_desk
from tests.support.html import soup

TENS = (10, 10, 10, 10, 10, 10)
TABLETS = "I keep thinking about ending my life. I have the tablets at home"
CALM = re.compile(r"stands? out|all is well", re.IGNORECASE)


@pytest.fixture
def desk(world):
    return a_desk(world)


def a_calm_case(world, **last):
    """Four answers of all tens and a fifth; keywords are those of the last form."""
    case = world.on("2026-02-01").opens_a_case()
    for day in ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"):
        meets_and_sends(world, case, day, TENS)
    meets_and_sends(world, case, "2026-03-02", TENS, **last)
    return case


def told(desk, **query):
    """The places on the first page under "They told you", in their order."""
    return [each["data-told"] for each in soup(desk.opens("/dashboard", **query).text).select("[data-told]")]


def first_words(desk):
    return soup(desk.opens("/dashboard").text).select_one("main article").get_text(" ", strip=True)


def test_words_of_a_client_are_the_first_thing_on_the_page_whatever_the_numbers(world, desk):
    case = a_calm_case(world, comment=TABLETS)
    meets_and_sends(world, world.on("2026-02-01").opens_a_case(), "2026-03-02", TENS, off="yes")
    tree = soup(desk.opens("/dashboard").text)
    assert tree.h1.text == "2 clients told you something".replace("2", "Two")
    assert tree.select_one("main h2").text == "They told you"
    assert TABLETS in first_words(desk)
    assert told(desk)[0] == f"{case.code}/5A"
    assert not CALM.search(tree.main.get_text())


@pytest.mark.parametrize(
    "said",
    [
        {"off": "a_little", "wish": "bring_up"},
        {"off": "no", "repair": "would_like"},
        {"off": "yes"},
        {"off": "no", "comment": "Thank you."},
    ],
)
def test_each_kind_is_on_the_first_page_and_no_calming_sentence_beside_it(world, desk, said):
    case = a_calm_case(world, **said)
    tree = soup(desk.opens("/dashboard").text)
    assert told(desk) == [f"{case.code}/5A"]
    assert not CALM.search(tree.main.get_text())
    for session in (2, 5):
        page = soup(desk.opens(f"/cases/{case.code}?session={session}").text)
        assert not CALM.search(page.main.get_text())


def test_what_was_not_told_outright_is_not_there(world, desk):
    a_calm_case(world, off="no")
    a_calm_case(world, off="a_little", wish="just_know")
    a_calm_case(world, off="a_little", wish="i_will")
    assert told(desk) == []


def test_a_comment_stays_until_its_page_is_opened_and_not_a_moment_longer(world, desk):
    case = a_calm_case(world, comment=TABLETS)
    desk.opens(f"/cases/{case.code}?session=2")
    assert told(desk) == [f"{case.code}/5A"]
    page = soup(desk.opens(f"/cases/{case.code}").text)
    assert page.select_one("main section h2").text == "They told you, session 5"
    assert TABLETS in page.main.get_text()
    assert told(desk) == []


def test_another_session_of_the_case_says_what_waits(world, desk):
    case = a_calm_case(world, comment=TABLETS)
    meets_and_sends(world, case, "2026-03-02", TENS)
    links = soup(desk.opens(f"/cases/{case.code}").text).select('a[href$="session=5"]')
    assert any("not read yet" in link.parent.get_text() for link in links)


def test_a_wish_stays_until_it_is_marked_and_can_be_taken_back(world, desk):
    case = a_calm_case(world, off="a_little", wish="bring_up")
    page = soup(desk.opens(f"/cases/{case.code}").text)
    assert "They asked you to bring it up." in page.main.get_text()
    assert told(desk) == [f"{case.code}/5A"]
    assert desk.sends(f"/cases/{case.code}/told", session="5", seat="A", from_first="1").location.startswith(
        "/dashboard?done="
    )
    assert told(desk) == []
    assert "Talked about, marked 2 March." in desk.opens(f"/cases/{case.code}").text
    assert desk.sends(f"/cases/{case.code}/told/undo", session="5", seat="A").status_code == 303
    assert told(desk) == [f"{case.code}/5A"]


def test_marking_twice_keeps_the_first_day_and_one_line_of_the_log(world, desk):
    case = a_calm_case(world, off="a_little", wish="bring_up")
    for _ in range(2):
        assert desk.sends(f"/cases/{case.code}/told", session="5").status_code == 303
    with world.reading() as uow:
        assert list_marks(uow, case.code) == {(5, "A"): date(2026, 3, 2)}
    assert desk.opens("/account/log").text.count("marked an answer as talked about") == 1


@pytest.mark.parametrize(
    ("mark", "stays"),
    [(FlagStatus.TALK_PLANNED, True), (FlagStatus.TALKED, False), (FlagStatus.NOT_WANTED, False)],
)
def test_where_a_flag_was_raised_its_mark_decides(world, desk, mark, stays):
    it, case = world.installation, a_calm_case(world, off="yes", wish="bring_up")
    assert desk.sends(f"/cases/{case.code}/told", session="5").status_code == 409
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=mark, by=world.therapist)
    assert told(desk) == [f"{case.code}/5A"] * stays


def test_words_beside_a_flag_that_was_closed_unread_are_still_to_be_read(world, desk):
    """A colleague may have marked the flag: what is left to do is to read, and nothing can be marked twice."""
    it, case = world.installation, a_calm_case(world, off="yes", wish="bring_up", comment=TABLETS)
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.SETTLED, by=world.therapist)
    article = soup(desk.opens("/dashboard").text).select_one("[data-told]")
    assert TABLETS in article.get_text()
    assert article.select_one("form") is None
    assert article.select_one('a[href$="#mark"]')


def test_a_flag_of_what_was_told_stands_once_on_the_page(world, desk):
    case = a_calm_case(world, off="yes", wish="bring_up", comment="It was too fast.")
    tree = soup(desk.opens("/dashboard").text)
    assert [each["data-case"] for each in tree.select("main article")] == [case.code]
    assert tree.select_one("article")["data-flag"]


@pytest.mark.parametrize("place", [{"session": "9"}, {"session": "5", "seat": "B"}, {}, {"session": "5", "seat": "AB"}])
def test_a_mark_needs_an_answer(world, desk, place):
    case = a_calm_case(world, off="a_little", wish="bring_up")
    assert desk.sends(f"/cases/{case.code}/told", **place).status_code == 404
    assert desk.sends(f"/cases/{case.code}/told/undo", **place).status_code == 404


def test_each_of_a_couple_is_told_of_apart(world, desk):
    case = world.on("2026-02-01").opens_a_case(seats=2)
    meets_and_sends(world, case, "2026-03-02", TENS, wish="bring_up")
    sends_from(world, case, "B", TENS, comment="From B.")
    assert sorted(told(desk)) == [f"{case.code}/1A", f"{case.code}/1B"]
    desk.sends(f"/cases/{case.code}/told", session="1", seat="A")
    assert told(desk) == [f"{case.code}/1B"]


def test_what_is_unseen_is_not_there(world, desk):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    before = desk.opens("/dashboard").text
    sends(world, code, TENS, audience=Audience.TOTALS, off="yes", wish="bring_up")
    assert desk.opens("/dashboard").text == before


def test_a_withdrawn_answer_and_a_purged_comment_are_gone(world, desk):
    it, case = world.installation, world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-02", TENS, comment="Old words.")
    there = world.on("2026-03-02")
    receipt = sends(there, there.shows_a_code(case, there.meets(case)), TENS, wish="bring_up")
    assert len(told(desk)) == 2
    with world.writing() as uow:
        forget_comments(uow, date(2026, 3, 1))
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    assert told(desk) == []


def test_who_takes_a_case_over_finds_unread_what_nobody_has_read(world, desk):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-23", TENS, comment="Read already.")
    desk.opens(f"/cases/{case.code}")
    meets_and_sends(world, case, "2026-03-02", TENS, comment=TABLETS)
    with world.writing() as uow:
        hand_over_case(uow, it.clock, it.keyring, journal=it.journal, case=case, to="iris", by=world.therapist)
    assert told(Desk(world, iris)) == [f"{case.code}/2A"]
    assert told(desk) == []


def test_words_sent_to_a_case_that_was_closed_meanwhile_are_not_lost(world, desk):
    case = a_calm_case(world, comment=TABLETS)
    desk.sends(f"/cases/{case.code}/close")
    assert told(desk) == [f"{case.code}/5A"]
    desk.opens(f"/cases/{case.code}")
    assert told(desk) == []


def test_one_tap_shows_the_rest_with_a_true_count(world, desk):
    for place in range(9):
        said = {"comment": f"Words {place}."} if place < 2 else {"wish": "bring_up"}
        meets_and_sends(world, world.on("2026-02-20").opens_a_case(), "2026-03-02", TENS, **said)
    tree = soup(desk.opens("/dashboard").text)
    assert len(tree.select("[data-told]")) == 6
    more = tree.select_one('a[href="/dashboard?all=1"]')
    assert more.text.strip() == "Show all 9 that clients told you"
    assert len(told(desk, all=1)) == 9


def test_unread_words_are_all_shown_before_anything_else_by_day_alone(world, desk):
    expected = []
    for day, said in [
        ("2026-03-02", {"wish": "bring_up", "off": "yes"}),
        ("2026-02-24", {"comment": "Older, and low."}),
        ("2026-02-26", {"comment": "Newer."}),
        ("2026-02-26", {"comment": "With a yes.", "off": "yes", "wish": "bring_up"}),
        ("2026-03-02", {"off": "yes"}),
    ]:
        case = world.on("2026-02-20").opens_a_case()
        meets_and_sends(world, case, day, TENS, **said)
        is_unread = "comment" in said
        expected.append((not is_unread, -date.fromisoformat(day).toordinal() if is_unread else 0, case.code))
    shown = [place.split("/")[0] for place in told(desk)]
    assert shown[:3] == [code for is_rest, _, code in sorted(expected) if not is_rest]


def test_of_thirty_unread_notes_none_is_folded_and_each_leads_to_its_whole(world, desk):
    long = "word " * 90
    for place in range(30):
        meets_and_sends(world, world.on("2026-02-20").opens_a_case(), "2026-03-02", TENS, comment=f"{place}: {long}end")
    tree = soup(desk.opens("/dashboard").text)
    rows = tree.select("[data-told]")
    assert len(rows) == 30
    assert tree.select_one('a[href="/dashboard?all=1"]') is None or "told you" not in tree.get_text()
    assert [row.blockquote.text.rstrip("\n”").endswith("end") for row in rows] == [True] * 6 + [False] * 24
    assert all(len(row.blockquote.text) < 220 and "Read all of it" in row.get_text() for row in rows[6:])
    assert all("not read yet" not in row.get_text() for row in rows[:6])


def test_the_page_asks_as_often_however_much_was_told(world, desk):
    def asked():
        desk.opens("/dashboard")
        with counting(world) as statements:
            desk.opens("/dashboard")
        return len(statements)

    a_calm_case(world, comment="Words.")
    few = asked()
    for _ in range(7):
        meets_and_sends(world, world.on("2026-02-20").opens_a_case(), "2026-03-02", GOOD, wish="bring_up", comment="W.")
    assert asked() == few


@pytest.mark.parametrize("seat", ["A", "B"])
def test_a_mark_made_on_the_first_page_is_taken_back_there_with_one_tap(world, desk, seat):
    case = world.on("2026-02-01").opens_a_case(seats=2)
    meets_and_sends(world, case, "2026-03-02", TENS, **({"wish": "bring_up"} if seat == "A" else {}))
    sends_from(world, case, "B", TENS, **({"wish": "bring_up"} if seat == "B" else {}))
    button = soup(desk.opens("/dashboard").text).select_one('form[action$="/told"]')
    there = desk.sends(button["action"], **_typed(button)).location
    page = soup(desk.opens(there).text)
    assert "Marked as talked about" in page.select_one("[role=status]").get_text()
    undo = page.select_one('form[action$="/told/undo"]')
    back = desk.sends(undo["action"], **_typed(undo))
    assert back.location == "/dashboard"
    assert told(desk) == [f"{case.code}/1{seat}"]
    assert soup(desk.opens(there).text).select_one('form[action$="/told/undo"]') is None


def _typed(form):
    return {each["name"]: each["value"] for each in form.select("input") if each["name"] != "csrf_token"}


@pytest.mark.parametrize("done", ["", "/", "x", "K7Q2X-M/1A", "K7Q2X-M/²A", "K7Q2X-M/99999999999999999999A", "a/1Z"])
def test_undo_is_offered_for_a_mark_that_stands_alone(world, desk, done):
    a_calm_case(world, off="a_little", wish="bring_up")
    assert desk.opens("/dashboard", done=done).text == desk.opens("/dashboard").text


def test_a_colleague_of_another_case_is_offered_nothing(world, desk):
    case = a_calm_case(world, off="a_little", wish="bring_up")
    there = desk.sends(f"/cases/{case.code}/told", session="5", seat="A", from_first="1").location
    iris = Desk(world, world.hire(a_therapist(id="iris", email="iris@example.org")))
    assert case.code not in iris.opens(there).text


def test_beneath_words_that_stand_there_whole_nobody_says_that_there_are_some(world, desk):
    case = a_calm_case(world, comment=TABLETS)
    assert "not read yet" not in first_words(desk)
    assert "not read yet" not in soup(desk.opens(f"/cases/{case.code}").text).main.get_text()

"""The dashboard as a therapist reads it."""

import pytest

from feedback.web.therapist.charts import SMALL
from feedback.web.therapist.wording import headline
from tests.support.answering import GOOD, a_case_that_fell, meets_and_sends
from tests.support.desk import a_desk
from tests.support.html import soup


def dashboard(world):
    return soup(a_desk(world).opens("/dashboard").text)


@pytest.mark.checklist(34, 37)
def test_a_possible_rupture_says_why_with_the_wish_and_the_comment(world):
    case = a_case_that_fell(world, off="a_little", wish="bring_up", comment="I felt you moved on too fast.")
    tree = dashboard(world)
    assert tree.h1.text == "One client told you something"
    article = tree.select_one(f'article[data-case="{case.code}"]')
    reasons = [item.get_text() for item in article.select(".why li")]
    assert reasons[:2] == [
        "Something felt off: a little.",
        "“Please bring it up with me.”",
    ]
    assert reasons[2].startswith("5.3, below this person’s usual ")
    assert reasons[3].startswith("Lower than usual: free to say what was on their mind, 4")
    assert article.blockquote.get_text(strip=True) == "“I felt you moved on too fast.”"
    assert article.select_one(".tag").get_text(strip=True) == "New"
    assert article["data-flag"]


def test_its_small_chart_is_as_large_as_the_frame_it_was_laid_out_in(world):
    a_case_that_fell(world)
    drawn = dashboard(world).select_one("article svg.spark")
    assert drawn["viewBox"] == f"0 0 {SMALL.width} {SMALL.height}"
    assert (drawn["width"], drawn["height"]) == (str(SMALL.width), str(SMALL.height))
    assert [mark["class"] for mark in drawn.select("path")] == [["line"], ["dm"]]


def test_the_wish_that_names_the_therapist_uses_her_own_name(world):
    a_case_that_fell(world, off="yes", wish="just_know")
    assert "“Just so Dana knows.”" in dashboard(world).article.get_text()


def test_a_drop_without_a_word_says_that_nothing_was_marked(world):
    a_case_that_fell(world)
    assert dashboard(world).select(".why li")[-1].text == "Nothing marked as off"


@pytest.mark.checklist(35)
def test_perfect_ratings_with_a_yes_are_listed_too(world):
    case = world.on("2026-03-02").opens_a_case()
    meets_and_sends(world, case, "2026-03-02", (10, 10, 10, 10, 10, 10), off="yes")
    assert dashboard(world).article["data-case"] == case.code


def test_with_nothing_to_show_the_page_is_calm_and_says_what_to_do(world):
    tree = dashboard(world)
    assert tree.h1.text == "Nothing stands out this week"
    assert "You can still ask." in tree.main.get_text()
    assert tree.select_one('main a[href="/cases"]')


def wide(tree):
    """Leave out what stands in for the heads of columns where there is no room for columns."""
    for word in tree.select(".spelt"):
        word.decompose()
    return tree


def test_recent_sessions_say_what_was_shared_and_never_who_is_waiting(world):
    case = world.on("2026-02-20").opens_a_case()
    meets_and_sends(world, case, "2026-02-24", GOOD)
    a_desk(world).opens(f"/cases/{case.code}")
    world.shows_a_code(case, world.meets(case))
    tree = dashboard(world)
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in wide(tree).select("tbody tr")]
    assert rows == [
        ["2 · 2 March", "nothing shared yet"],
        ["1 · 24 February", "8.0", "not yet known", "No"],
    ]
    words = tree.main.get_text().lower()
    assert all(word not in words for word in ("waiting", "answered", "unused", "pending"))


@pytest.mark.checklist(36)
def test_the_usual_range_is_known_from_the_third_form_on(world):
    case = world.on("2026-02-01").opens_a_case()
    for day in ("2026-02-10", "2026-02-17", "2026-02-24"):
        meets_and_sends(world, case, day, GOOD)
    ranges = [row.select("td")[2].get_text() for row in wide(dashboard(world)).select("tbody tr")]
    assert ranges[0] not in {"–", "not yet known"}
    assert ranges[1:] == ["not yet known", "not yet known"]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (0, "Nothing stands out this week"),
        (1, "One session may be worth a conversation"),
        (12, "Twelve sessions may be worth a conversation"),
        (13, "13 sessions may be worth a conversation"),
    ],
)
def test_the_heading_counts_in_words(flags, words):
    assert headline(flags) == words


@pytest.mark.checklist(34)
def test_no_staff_page_uses_words_that_judge(world):
    case = a_case_that_fell(world, off="yes")
    desk = a_desk(world)
    text = " ".join(
        soup(desk.opens(path).text).get_text().lower()
        for path in ("/dashboard", "/cases", f"/cases/{case.code}", f"/cases/{case.code}/code?session=5")
    )
    forbidden = ("risk", "alert", "alarm", "fail", "poor", "compliance", "non-responder", "%")
    assert [word for word in forbidden if word in text] == []


def test_soft_notes_stand_apart_from_flags_and_prove_nothing(world):
    case = world.on("2026-01-01").opens_a_case()
    for day in ("2026-02-16", "2026-02-23", "2026-03-02"):
        meets_and_sends(world, case, day, (10, 10, 10, 10, 10, 10))
    tree = dashboard(world)
    assert tree.h1.text == "Nothing stands out this week"
    (note,) = tree.select(".notes li")
    assert "All tens, every time (3 answers)." in note.get_text()
    assert note.a["href"] == f"/cases/{case.code}"
    assert not tree.select("article")


def new_lines(desk, **query):
    """The recent sessions that are called new, and all of them."""
    lines = wide(soup(desk.opens("/dashboard", **query).text)).select("tbody tr")
    return [line for line in lines if line.select_one("span.tag:not(.plain)")], lines


@pytest.mark.parametrize("seats", [1, 2])
def test_every_answer_counted_as_new_can_be_found(world, seats):
    desk, there = a_desk(world), world.on("2026-02-10")
    unopened = there.opens_a_case(seats=seats)
    meets_and_sends(world, unopened, "2026-02-12", GOOD)
    for _ in range(12):
        case = there.opens_a_case()
        meets_and_sends(world, case, "2026-03-01", GOOD)
        desk.opens(f"/cases/{case.code}")
    busy = there.opens_a_case()
    for day in ("2026-02-17", "2026-02-20", "2026-02-24"):
        meets_and_sends(world, busy, day, GOOD)
    tree = soup(desk.opens("/dashboard").text)
    assert "4 are new since you last looked." in tree.get_text()
    assert len(new_lines(desk)[0]) < 4
    more = tree.select_one('a[href="/dashboard?all=1#rc"]')
    assert more.text.strip() == "Show all 4 that are new"
    new, lines = new_lines(desk, all=1)
    assert len(new) == 4
    assert new == lines[:4]
    assert not soup(desk.opens("/dashboard", all=1).text).select_one('a[href$="#rc"]')


def test_no_link_where_all_that_is_new_stands_there(world):
    case = world.on("2026-02-10").opens_a_case()
    meets_and_sends(world, case, "2026-02-12", GOOD)
    assert not dashboard(world).select_one('a[href$="#rc"]')

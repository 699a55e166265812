"""An answer that its client changed after it may have been read: the therapist sees that it was."""

from datetime import timedelta

import pytest

from feedback import instruments
from feedback.domain.rupture import OPEN_STATUSES, FlagStatus
from feedback.domain.told import UNANSWERED
from feedback.persistence.dashboard.read_receipts import list_untold
from feedback.persistence.flags import flags
from feedback.security.receipts import make_nonce
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, found_to_send, meets_and_sends
from tests.support.builders import SIX, a_response, a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup

MARK = "changed by the client"
NEWEST = 5
"""The session whose form is sent."""


@pytest.fixture
def case(world):
    """A case with four good sessions."""
    opened = world.on("2026-02-01").opens_a_case()
    for day in ("02", "09", "16", "23"):
        meets_and_sends(world, opened, f"2026-02-{day}", GOOD)
    return opened


@pytest.fixture
def form(world, case):
    """A form of today's session, which can be sent again and again."""
    code = world.shows_a_code(case, world.meets(case))
    it = world.installation
    nonce = make_nonce(it.keyring, it.chance, code.token)

    def send(ratings, off, comment="", wish=""):
        choices = {"off": (off,)} | ({"wish": (wish,)} if wish else {})
        response = a_response(
            ratings=dict(zip(SIX, map(float, ratings), strict=True)), choices=choices, comment=comment
        )
        sending = Sending(code.token, nonce, response)
        with world.writing() as uow:
            return submit_response(
                uow,
                it.keyring,
                it.chance,
                form=found_to_send(uow, world, sending),
                sending=sending,
                instrument=instruments.load("rapport-session"),
                journal=it.journal,
            )

    return send


def first_page(world):
    return soup(a_desk(world).opens("/dashboard").text).main


def case_page(world, case):
    return soup(a_desk(world).opens(f"/cases/{case.code}").text).main


def latest(world):
    return first_page(world).select_one("table.rows tbody tr").get_text(" ")


def test_what_nobody_read_before_is_not_called_changed(world, case, form):
    form(GOOD, "no")
    form((9, 9, 9, 9, 9, 9), "no")
    assert MARK not in first_page(world).get_text()
    assert MARK not in case_page(world, case).get_text()


def test_what_was_read_before_is_new_again_and_called_changed_on_both_pages(world, case, form):
    form((9, 9, 9, 9, 9, 9), "no")
    assert "9.0" in case_page(world, case).get_text()
    assert "new" not in latest(world)
    form(LOW, "yes", "It was not right.")
    assert MARK in latest(world)
    assert "new" in latest(world)
    assert "Guess first" not in latest(world)
    assert MARK in first_page(world).select_one(".flag").get_text()
    page = case_page(world, case).get_text()
    assert MARK in page
    assert "It was not right." in page
    assert MARK in latest(world)


def test_a_flag_that_went_leaves_its_mark_in_the_list(world, case, form):
    form(LOW, "yes")
    assert first_page(world).select(".flag")
    form(GOOD, "no")
    assert not first_page(world).select(".flag")
    assert MARK in latest(world)


@pytest.mark.parametrize("worse", [True, False])
def test_beside_what_was_marked_stands_what_the_answer_says_now(world, case, form, worse):
    it = world.installation
    form(LOW, "a_little")
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.NOT_A_RUPTURE, by=world.therapist)
    marked = [each.get_text() for each in case_page(world, case).select(".begin .why li")]
    form((1, 1, 1, 1, 1, 1) if worse else GOOD, "yes" if worse else "no")
    begin = case_page(world, case).select_one(".begin")
    lists = [[each.get_text() for each in every.select("li")] for every in begin.select(".why")]
    assert lists[0] == marked
    assert MARK in begin.get_text()
    assert len(lists) == 2
    assert lists[1] != marked
    assert MARK in latest(world)


def test_nobody_guesses_an_answer_whose_first_version_they_may_have_read(world, case, form):
    form(GOOD, "no")
    case_page(world, case)
    form(LOW, "no")
    refused = a_desk(world).sends(f"/cases/{case.code}/guess", session=5, seat="A", value="4")
    assert refused.status_code == 409


def told(world, who=None):
    """The places under "They told you"; every one of them is said to be changed."""
    rows = soup((Desk(world, who) if who else a_desk(world)).opens("/dashboard").text).select("[data-told]")
    assert all(MARK in row.get_text() for row in rows)
    return [row["data-told"] for row in rows]


def marks(world, case, status, *, opens=True, note=""):
    """Mark the flag as its therapist does, who has the session open."""
    if opens:
        case_page(world, case)
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    sent = a_desk(world).sends(f"/flags/{flag.id}", outcome=status.value, note=note)
    assert sent.status_code == 303


def kept_finding(world, case):
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    return flag.finding


ANSWERED = sorted(set(FlagStatus) - UNANSWERED)


@pytest.mark.parametrize("status", ANSWERED)
@pytest.mark.parametrize("wish", ["", "bring_up"])
def test_a_mark_made_before_a_change_does_not_cover_what_it_says(world, case, form, status, wish):
    form(LOW, "a_little")
    marks(world, case, status)
    before = kept_finding(world, case)
    assert not told(world)
    form((10,) * 6, "yes", wish=wish)
    assert told(world) == [f"{case.code}/5A"]
    row = first_page(world).select_one("[data-told]").get_text()
    assert "Changed by the client after it was marked" in row
    case_page(world, case)
    assert told(world) == [f"{case.code}/5A"]
    assert "changed after it was marked" not in case_page(world, case).get_text()
    link = soup(a_desk(world).opens(f"/cases/{case.code}?session=2").text).main.get_text()
    assert "a clear “Yes”" in link
    marks(world, case, status)
    assert not told(world)
    if status not in OPEN_STATUSES:
        assert kept_finding(world, case) == before


def test_changed_twice_and_marked_in_between_it_waits_anew_each_time(world, case, form):
    form(LOW, "yes")
    for number, ratings in enumerate([(3,) * 6, (4,) * 6, (2,) * 6]):
        marks(world, case, [FlagStatus.SETTLED, FlagStatus.SETTLED, FlagStatus.TALKED][number])
        assert not told(world)
        form(ratings, "yes")
        form(ratings, "yes", wish="bring_up")
        assert told(world) == [f"{case.code}/5A"]


def test_a_mark_sent_from_a_page_opened_before_the_change_does_not_cover_it(world, case, form):
    form(LOW, "a_little")
    case_page(world, case)
    form(LOW, "yes")
    marks(world, case, FlagStatus.SETTLED, opens=False)
    assert told(world) == [f"{case.code}/5A"]
    marks(world, case, FlagStatus.SETTLED, note="We did.")
    assert not told(world)


def test_a_mark_taken_back_leaves_the_change_waiting_and_a_note_alone_is_one(world, case, form):
    form(LOW, "a_little")
    marks(world, case, FlagStatus.SETTLED)
    form(LOW, "yes")
    marks(world, case, FlagStatus.SETTLED, note="Again.")
    assert not told(world)
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    assert a_desk(world).sends(f"/flags/{flag.id}/undo").status_code == 303
    assert told(world) == [f"{case.code}/5A"]


def test_a_change_to_nothing_asked_for_does_not_stand_there_and_one_that_stands_out_does(world, case, form):
    form(LOW, "yes", wish="bring_up")
    marks(world, case, FlagStatus.NOT_A_RUPTURE)
    form(GOOD, "no")
    assert not told(world)
    form((0,) * 6, "no")
    assert told(world) == [f"{case.code}/5A"]
    other = soup(a_desk(world).opens(f"/cases/{case.code}?session=2").text).main.get_text()
    assert "changed after it was marked" in other


def test_withdrawn_after_it_was_changed_nothing_waits(world, case, form):
    it = world.installation
    form(LOW, "a_little")
    marks(world, case, FlagStatus.SETTLED)
    receipt = form(LOW, "yes")
    assert told(world)
    with world.writing() as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    assert not told(world)


def test_where_no_flag_stands_the_mark_goes_with_the_answer_before(world, case, form):
    form(GOOD, "a_little", wish="bring_up")
    desk = a_desk(world)
    for off in ("no", "a_little"):
        assert desk.sends(f"/cases/{case.code}/told", session="5", seat="A").status_code == 303
        assert not soup(desk.opens("/dashboard").text).select("[data-told]")
        desk.opens(f"/cases/{case.code}")
        form((9,) * 6, off, wish="bring_up")
        assert told(world) == [f"{case.code}/5A"]


def test_who_takes_the_case_over_finds_it_waiting(world, case, form):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    form(LOW, "a_little")
    marks(world, case, FlagStatus.SETTLED)
    form(LOW, "yes", wish="bring_up")
    case_page(world, case)
    with world.writing() as uow:
        hand_over_case(uow, it.clock, it.keyring, journal=it.journal, case=case, to="iris", by=world.therapist)
    assert told(world, iris) == [f"{case.code}/5A"]
    assert not told(world)


@pytest.mark.parametrize(
    "page", ["/dashboard", "/cases/{code}", "/cases/{code}/print", "/cases/{code}/together", "/cases/{code}?session=1"]
)
def test_whichever_page_showed_an_answer_a_later_change_is_said(world, case, form, page):
    form(GOOD, "no")
    assert a_desk(world).opens(page.format(code=case.code)).status_code == 200
    form((6, 7, 7, 7, 7, 7), "no")
    assert MARK in a_desk(world).opens(f"/cases/{case.code}").text


def test_a_change_before_anybody_looked_is_not_said(world, case, form):
    a_desk(world).opens("/dashboard")
    form(GOOD, "no")
    form((6, 7, 7, 7, 7, 7), "no")
    assert MARK not in a_desk(world).opens(f"/cases/{case.code}").text


def test_an_answer_that_was_seen_and_changed_is_told_by_mail_once_more(world, case, form):
    form(GOOD, "no")
    a_desk(world).opens("/dashboard")
    since = world.installation.clock.now().date() - timedelta(days=7)
    with world.reading() as uow:
        assert not {place for place in list_untold(uow, "dana", since) if place[1] == NEWEST}
    form((6, 7, 7, 7, 7, 7), "no")
    with world.reading() as uow:
        assert (case.code, NEWEST, "A") in list_untold(uow, "dana", since)

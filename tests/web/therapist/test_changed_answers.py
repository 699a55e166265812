"""An answer that its client changed after it may have been read: the therapist sees that it was."""

import pytest

from feedback import instruments
from feedback.domain.rupture import FlagStatus
from feedback.persistence.flags import flags
from feedback.security.receipts import make_nonce
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, found_to_send, meets_and_sends
from tests.support.builders import SIX, a_response
from tests.support.desk import a_desk
from tests.support.html import soup

MARK = "changed by the client"


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

    def send(ratings, off, comment=""):
        response = a_response(
            ratings=dict(zip(SIX, map(float, ratings), strict=True)), choices={"off": (off,)}, comment=comment
        )
        with world.writing() as uow:
            submit_response(
                uow,
                it.keyring,
                it.chance,
                form=found_to_send(uow, world, code.token),
                sending=Sending(code.token, nonce, response),
                instrument=instruments.load("rapport-session"),
            )
            uow.commit()

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
        uow.commit()
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

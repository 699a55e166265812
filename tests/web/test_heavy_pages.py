"""Heavy pages of staff: bounded for each account and in all."""

from dataclasses import replace

import pytest

from feedback.domain.care import Role
from feedback.domain.errors import TooManyTries
from feedback.domain.limits import HEAVY_AT_ONCE, HEAVY_OF_ACCOUNT, REQUESTS
from feedback.web.heavy_pages import HeavyPages
from tests.support.desk import Desk


def test_heavy_pages_leave_room_for_others():
    pages, open_ones = HeavyPages(), []
    for number in range(HEAVY_AT_ONCE):
        open_ones.append(pages.one_of(f"account {number // HEAVY_OF_ACCOUNT}"))
        open_ones[-1].__enter__()
    for account in ("account 0", "another"):
        with pytest.raises(TooManyTries) as told, pages.one_of(account):
            pytest.fail("one too many")
        assert told.value.retry_after_seconds == 5
    for one in open_ones:
        one.__exit__(None, None, None)
    assert not pages._of
    with pages.one_of("account 0"):
        pass
    assert REQUESTS.at_once // 2 > HEAVY_AT_ONCE


def test_one_account_makes_two_at_once_and_another_is_not_disturbed():
    pages = HeavyPages()
    with pages.one_of("one"), pages.one_of("one"):
        with pytest.raises(TooManyTries), pages.one_of("one"):
            pytest.fail("one too many")
        with pages.one_of("another"):
            pass


def test_a_page_that_is_refused_says_when_to_come_again(world, monkeypatch):
    desk = Desk(world, world.hire(replace(world.therapist, id="anna", role=Role.CLINIC_ADMIN)))
    assert desk.opens("/clinic/settings").status_code == 200
    monkeypatch.setattr("feedback.web.heavy_pages.HEAVY_OF_ACCOUNT", 0)
    page = desk.opens("/clinic/settings")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "5")

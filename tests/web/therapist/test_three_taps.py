"""Every state of a possible rupture is within three taps of the list it stands in, and so is taking it back.

Nothing is known beforehand: from a list, every link of the page is followed until the form is found. A tap is a link, a
choice or a button. What is open stands on the first page; what is settled, not wanted or no rupture has left it, and is
looked for from the list of cases.
"""

from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup

from feedback.domain.rupture import OPEN_STATUSES, FlagStatus
from feedback.persistence.flags import flags
from feedback.web.therapist.wording import MARKS
from tests.support.answering import LOW, a_case_that_fell, a_couple, meets_and_sends
from tests.support.desk import Desk

FIRST_PAGE, CASES = "/dashboard", "/cases"
MOST_TAPS = 3

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def an_old_one(world):
    """A case whose flag is not the newest session's, with an answer that did not bring it back."""
    case = a_case_that_fell(world, off="yes", wish="bring_up")
    meets_and_sends(world, case, "2026-03-02", LOW, off="no")
    return case


def walks(desk, start, found):
    """Follow links from a list, nearest first; gives how many were followed until a page has what is looked for."""
    seen, pages = {start}, [start]
    for links in range(MOST_TAPS):
        further = []
        for page in pages:
            tree = BeautifulSoup(desk.opens(page).text, "html.parser")
            if found(tree):
                return links
            ways = (urldefrag(way["href"]).url for way in tree.select("main a[href^='/cases/']"))
            further += [way for way in ways if not (way in seen or seen.add(way))]
        pages = further
    return MOST_TAPS


def chooses(flag, status):
    """Say how a page is recognised on which a flag can be marked so: a choice and a button."""
    return lambda tree: tree.select(f'form[action="/flags/{flag.id}"] input[name=outcome][value={status.value}]')


def takes_back(flag):
    return lambda tree: tree.select(f'form[action="/flags/{flag.id}/undo"] button')


@pytest.mark.checklist(38)
@pytest.mark.parametrize("falls", [an_old_one, a_couple])
def test_every_state_and_its_undo_are_within_three_taps_of_the_list(world, falls):
    desk, case = Desk(world, world.therapist, strict=False), falls(world)

    def flag():
        with world.reading() as uow:
            return next(one for one in flags.list_flags(uow, case.code) if one.session_number == 5)

    taps = {}
    for status, _ in MARKS:
        taps[status] = walks(desk, FIRST_PAGE, chooses(flag(), status)) + 2
        assert desk.sends(f"/flags/{flag().id}", outcome=status.value).status_code == 303
        assert flag().status is status
        listed = FIRST_PAGE if status in OPEN_STATUSES else CASES
        taps[status, "undone"] = walks(desk, listed, takes_back(flag())) + 1
        assert desk.sends(f"/flags/{flag().id}/undo").status_code == 303
        assert flag().status is FlagStatus.NEW
    assert {way: count for way, count in taps.items() if count > MOST_TAPS} == {}
    assert {status for status, _ in MARKS} == set(FlagStatus) - {FlagStatus.NEW}

"""The staff's sheet is kept for a year by its version, and never stale."""

import re

from tests.support.desk import Desk


def sheet_address(desk):
    return re.search(r'href="(/static/staff\.css\?v=[0-9a-f]{12})"', desk.opens("/sign-in").text)[1]


def test_the_sheet_is_kept_for_a_year_under_its_present_version(world):
    desk = Desk(world)
    with desk.opens(sheet_address(desk)) as answer:
        assert answer.get_data()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"


def test_another_version_or_none_is_not_kept(world):
    desk = Desk(world)
    for path in ("/static/staff.css", "/static/staff.css?v=000000000000", "/static/none.css?v=x"):
        with desk.opens(path) as answer:
            assert "31536000" not in answer.headers.get("Cache-Control", "")

"""Whoever goes back and changes an answer has changed it, in Chromium, Firefox and WebKit."""

import pytest
from sqlalchemy import select

from feedback.persistence.tables import answers
from tests.support.phone import SEVENS
from tests.support.serving import free_port, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def engine_name() -> str:
    """One database is enough for what browsers do."""
    return "sqlite"


def test_back_change_an_answer_and_send_keeps_the_new_one(tab, world):
    case = world.opens_a_case()
    with serving(world.installation, free_port()) as address:
        tab.goes(f"{address}/F/{world.shows_a_code(case, world.meets(case)).token}")
        for heard in ("3", "8"):
            tab.chooses(SEVENS | {"heard": heard})
            tab.presses("Send to Dana")
            tab.waits_for("Thank you.")
            tab.back()
            tab.waits_for("How was today?")
    with world.reading() as uow:
        kept = uow.connection.scalar(select(answers.c.value).where(answers.c.item_id == "heard"))
    assert kept == 8

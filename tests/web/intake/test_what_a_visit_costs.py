"""What opening and sending a form costs, in figures that no neighbour changes: questions asked, functions called."""

import pytest
from sqlalchemy import event

from feedback.persistence.flags.flags import list_flags
from tests.support.answering import GOOD, LOW, meets_and_sends
from tests.support.builders import SIX
from tests.support.counting import calls, going_through, least_calls
from tests.support.phone import SEVENS

TO_OPEN = 3
"""Statements: whose code it is, all behind it, who has answered."""

TO_SEND = 12
"""Statements of an answer for the therapist that raises a flag, with the three that find its form."""

OPEN_CALLS = 5.5
"""Function calls of an opening, as a multiple of those of a page of one word in the same framework; 4.7 as written."""

SEND_CALLS = 16.5
"""The same of a send; 14.8 as written."""


class Asked(list):
    """Statements of one request, without what begins and ends a transaction."""

    def note(self, _connection, _cursor, statement, *_rest):
        if "set_config" not in statement and not statement.startswith("BEGIN"):
            self.append(statement)


@pytest.fixture
def asked(world):
    found, engine = Asked(), world.installation.database.engine
    event.listen(engine, "before_cursor_execute", found.note)
    yield found
    event.remove(engine, "before_cursor_execute", found.note)


def test_opening_a_form_asks_three_questions(phone, code, asked):
    phone.opens(code.token)
    assert len(asked) == TO_OPEN


def test_an_answer_that_raises_a_flag_asks_few_questions(phone, world, asked):
    case = world.on("2026-02-02").opens_a_case()
    for day in ("2026-02-02", "2026-02-09", "2026-02-16"):
        meets_and_sends(world, case, day, GOOD, off="no")
    token = world.shows_a_code(case, world.meets(case)).token
    low = {item: str(value) for item, value in zip(SIX, LOW, strict=True)} | {"off": "yes"}
    nonce = phone.nonce(token)
    asked.clear()
    assert phone.sends(token, nonce=nonce, **low).status_code == 303
    assert len(asked) <= TO_SEND, asked
    with world.reading() as uow:
        assert list_flags(uow, case.code)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_visit_goes_through_nothing_that_belongs_to_another_case(phone, code, world):
    with going_through(world) as through:
        assert phone.sends(code.token, nonce=phone.nonce(code.token)).status_code == 303
    assert through == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_opening_and_sending_call_few_functions_more_than_a_page_of_one_word(app, phone, world):
    least, cases = least_calls(), [world.opens_a_case() for _ in range(2)]
    first, second = (world.shows_a_code(case, world.meets(case)).token for case in cases)
    filled = {token: SEVENS | {"audience": "therapist", "nonce": phone.nonce(token)} for token in (first, second)}
    opened, status = calls(app, f"/F/{second}")
    assert (status, opened <= OPEN_CALLS * least) == ("200", True), opened / least
    calls(app, f"/F/{first}", filled[first])  # fills what is kept
    sent, status = calls(app, f"/F/{second}", filled[second])
    assert (status, sent <= SEND_CALLS * least) == ("303", True), sent / least
    print(f"{opened / least:.1f} and {sent / least:.1f} times as many calls")  # noqa: T201  the figures belong in the report

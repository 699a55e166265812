"""What opening and sending a form costs, in figures that no neighbour changes: questions asked, functions called."""

import pytest
from sqlalchemy import event

from feedback.persistence.transaction import Transaction
from tests.support.counting import calls, going_through, least_calls
from tests.support.phone import SEVENS

TO_OPEN = 3
"""Statements: whose code it is, all behind it, who has answered."""

TO_SEND = 25
"""Statements of a first answer for the therapist, with the three that find its form, to write at once, and one by key
whether its receipt was taken back."""

TO_WAIT_FOR = 9
"""Those of them whose outcome a first answer waits for. The others go out with these, or with the commit."""

OPEN_CALLS = 4.5
"""Function calls of an opening, as a multiple of those of a page of one word in the same framework; 3.5 as written."""

SEND_CALLS = 12.5
"""The same of a send; 10.8 as written."""


class Asked(list):
    """Statements of one request, without what begins and ends a transaction."""

    def note(self, _connection, _cursor, statement, *_rest):
        if "set_config" not in statement:
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


def test_sending_asks_as_often_as_it_always_did(phone, code, asked):
    nonce = phone.nonce(code.token)
    asked.clear()
    assert phone.sends(code.token, nonce=nonce).status_code == 303
    assert len(asked) <= TO_SEND


def test_a_send_waits_for_few_answers_of_the_database(phone, code, monkeypatch):
    waited, ask = [], Transaction.ask
    nonce = phone.nonce(code.token)
    monkeypatch.setattr(Transaction, "ask", lambda self, text, given: waited.append(text) or ask(self, text, given))
    assert phone.sends(code.token, nonce=nonce).status_code == 303
    assert len(waited) <= TO_WAIT_FOR, waited


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

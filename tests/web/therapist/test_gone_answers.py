"""Answers that are gone: withdrawn by the client, or removed because they were not from the client."""

import pytest
from sqlalchemy import select

from feedback.domain.audience import Audience
from feedback.domain.care import Part, Role
from feedback.persistence.answers import responses
from feedback.persistence.flags import findings, flags
from feedback.persistence.tables import audit_log, tenant_lookup, withdrawals
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.share_case import share_case
from tests.support.answering import GOOD, LOW, a_case_that_fell, a_couple, meets_and_sends, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.phone import Phone, heading

WITHDRAWN = "This answer was withdrawn by the client. That is their right and needs no reason."
REMOVED = "This answer was removed, because it was not from the client."


def page(world, case, **query):
    return soup(a_desk(world).opens(f"/cases/{case.code}", **query).text)


def rows(world, table):
    with world.reading() as uow:
        return uow.connection.execute(select(table)).all()


def withdraws(world, receipt):
    it = world.installation
    with world.writing() as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)


def disowns(world, case, session, seat="A", **fields):
    return a_desk(world).sends(f"/cases/{case.code}/not-theirs", session=session, seat=seat, **fields)


def test_a_withdrawn_answer_says_so_without_any_flag(world):
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-02-10", GOOD)
    withdraws(world, sends(world, world.shows_a_code(case, world.meets(case)), GOOD))
    opened = page(world, case, session="2")
    assert opened.select_one("#an").parent.p.text == WITHDRAWN
    assert "withdrawn" in opened.select("details tbody tr")[1].get_text()
    assert WITHDRAWN not in page(world, case, session="1").main.get_text()


def test_only_that_it_happened_is_kept_and_it_goes_with_the_next_answer(world):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    withdraws(world, sends(world, code, LOW, off="yes", comment="Too fast."))
    assert rows(world, withdrawals) == [("harbour1", case.code, 1, "A", "client")]
    assert not any(row.kind == "receipt" for row in rows(world, tenant_lookup))
    withdraws(world, sends(world, code, GOOD))
    sends(world, code, GOOD)
    assert rows(world, withdrawals) == []
    assert WITHDRAWN not in page(world, case).main.get_text()


def test_an_answer_that_was_only_counted_leaves_no_word_when_it_is_withdrawn(world, app):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    desk = a_desk(world)
    before = desk.opens(f"/cases/{case.code}", session="1").text
    withdraws(world, Phone(app).thanks(code.token, "totals").replace("-", ""))
    assert rows(world, withdrawals) == []
    assert desk.opens(f"/cases/{case.code}", session="1").text == before


def test_the_page_asks_once_what_is_to_go(world):
    case = a_case_that_fell(world)
    link = page(world, case).find("a", string="This is not from my client")["href"]
    asked = soup(a_desk(world).opens(link).text)
    assert asked.h1.text == "Not from your client?"
    assert "session 5, held today" in asked.main.p.text
    assert {field["name"]: field["value"] for field in asked.main.select("form input")}["session"] == "5"
    with world.reading() as uow:
        assert len(responses.list_responses(uow, case.code)) == 5


def test_an_answer_that_was_not_theirs_goes_with_its_flag_and_the_rest_is_judged_anew(world):
    case = a_case_that_fell(world, off="yes", comment="Too fast.")
    with world.reading() as uow:
        assert len(flags.list_flags(uow, case.code)) == 1
        before = {place: one for place, one in findings.list_findings(uow, case.code).items() if place[0] < 5}
    assert disowns(world, case, 5).location == f"/cases/{case.code}?session=5"
    with world.reading() as uow:
        assert flags.list_flags(uow, case.code) == ()
        assert findings.list_findings(uow, case.code) == before
        assert findings.get_state(uow, case.code, "A").last_session == 4
        assert [row.session_number for row in responses.list_responses(uow, case.code)] == [1, 2, 3, 4]
    shown = page(world, case, session="5")
    assert shown.select_one("#an").parent.p.text == REMOVED
    assert "removed" in shown.select("details tbody tr")[4].get_text()
    assert "Too fast." not in shown.get_text()


def test_it_stands_in_the_log_without_the_answer(world):
    case = a_couple(world)
    disowns(world, case, 5, "B")
    last = rows(world, audit_log)[-1]
    assert (last.actor, last.action, last.subject) == ("dana", "response.not_from_client", f"{case.code}/5B")


def test_of_a_couple_only_the_one_persons_answer_goes(world):
    case = a_couple(world)
    assert page(world, case).select("a[href$='session=5&seat=B']")
    disowns(world, case, 5, "B")
    with world.reading() as uow:
        left = [(row.session_number, row.seat) for row in responses.list_responses(uow, case.code)]
    assert (5, "A") in left
    assert (5, "B") not in left


def test_the_code_opens_again_for_the_client_and_the_receipt_leads_nowhere(world, app):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    receipt = Phone(app).thanks(code.token)
    assert heading(Phone(app).opens(code.token)) == "This one is done."
    disowns(world, case, 1)
    assert heading(Phone(app).opens(code.token)) == "How was today?"
    assert not any(row.kind == "receipt" for row in rows(world, tenant_lookup))
    taken = Phone(app).http.post("/withdraw", data={"receipt": receipt})
    assert heading(taken) == "That is done."
    sends(world, code, GOOD)
    assert REMOVED not in page(world, case).main.get_text()


@pytest.mark.parametrize(
    "fields",
    [{"session": "9"}, {"session": "x"}, {"session": ""}, {"session": "5", "seat": "B"}, {"session": "4", "seat": "Z"}],
)
def test_where_nothing_is_shared_there_is_nothing_to_remove(world, fields):
    case = a_case_that_fell(world)
    assert disowns(world, case, **({"seat": "A"} | fields)).status_code in {404, 409}
    assert a_desk(world).opens(f"/cases/{case.code}/not-theirs", **fields).status_code == 404
    assert rows(world, withdrawals) == []


def test_nobody_else_may_remove_an_answer(world):
    case = a_case_that_fell(world)
    other = world.hire(a_therapist(id="sam", email="sam@example.org", display_name="Sam", role=Role.THERAPIST))
    assert Desk(world, other).sends(f"/cases/{case.code}/not-theirs", session="5").status_code == 404
    assert disowns(world, case, 5, csrf_token="0" * 64).status_code == 409
    with world.reading() as uow:
        assert len(responses.list_responses(uow, case.code)) == 5


@pytest.mark.parametrize("sent", [None, Audience.TOTALS])
def test_only_where_something_is_shared_is_it_asked_whose_it_is(world, sent):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    if sent:
        sends(world, code, GOOD, audience=sent)
    desk = a_desk(world)
    for asked in ({"session": "1"}, {"session": "1", "seat": "B"}, {"session": "2"}, {}):
        assert desk.opens(f"/cases/{case.code}/not-theirs", **asked).status_code == 404
        assert desk.sends(f"/cases/{case.code}/not-theirs", **asked).status_code == 404


def test_nor_of_somebody_whom_the_case_does_not_have(world):
    case = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, case, "2026-03-02", GOOD)
    for seat in ("B", "AB", "a"):
        assert a_desk(world).opens(f"/cases/{case.code}/not-theirs", session="1", seat=seat).status_code == 404
        assert disowns(world, case, "1", seat).status_code == 404


def test_the_recent_sessions_say_how_an_answer_went_and_a_colleague_is_told_nothing(world):
    it, iris = world.installation, world.hire(a_therapist(id="iris", email="iris@example.org"))
    case = world.on("2026-02-01").opens_a_case(seats=2)
    meets_and_sends(world, case, "2026-02-10", GOOD)
    withdraws(world, sends(world, world.shows_a_code(case, world.meets(case)), GOOD))
    assert disowns(world, case, 1, sure="1").status_code == 303
    with world.writing() as uow:
        part = Part.CO_THERAPIST
        share_case(
            uow,
            it.clock,
            it.keyring,
            journal=it.journal,
            case=case,
            part=part,
            staff_id="iris",
            days=0,
            by=world.therapist,
        )

    def recent(desk):
        lines = soup(desk.opens("/dashboard").text).select("table.rows tbody tr")
        return [line.select("td")[1].get_text() for line in lines]

    assert recent(a_desk(world)) == [
        "withdrawn by the client", "nothing shared yet", "removed, not from the client", "nothing shared yet",
    ]  # fmt: skip
    assert recent(Desk(world, iris)) == ["nothing for you to read"] * 4

"""Taking an answer back: with the receipt, without an account, in the same words for every receipt."""

import pytest

from feedback.domain.limits import OLD_RECEIPT
from feedback.persistence.answers import responses
from feedback.persistence.flags import findings, flags
from feedback.security.receipts import RECEIPT_LENGTH
from feedback.web.intake import withdraw as withdraw_page
from tests.support.html import soup
from tests.support.limits import after
from tests.support.phone import heading, receipt_of

DONE = "That is done."
UNKNOWN = "0" * RECEIPT_LENGTH


def takes_back(phone, receipt, **more):
    return phone.http.post("/withdraw", data={"receipt": receipt} | more)


def rows(world, table):
    with world.reading() as uow:
        return uow.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608  our own names


@pytest.mark.checklist(24)
def test_a_shared_answer_goes_at_once_with_its_finding_and_its_flag(phone, world, code):
    receipt = phone.thanks(code.token, off="yes", comment="x")
    assert heading(takes_back(phone, receipt)) == DONE
    assert [rows(world, name) for name in ("responses", "answers", "findings", "rupture_flags", "detector_states")] == [
        0
    ] * 5


def test_the_code_opens_again(phone, code):
    receipt = phone.thanks(code.token)
    takes_back(phone, receipt)
    assert heading(phone.opens(code.token)) == "How was today?"
    assert phone.thanks(code.token) != receipt


def test_the_later_findings_are_as_if_it_had_never_been_there(phone, world):
    case, other = world.opens_a_case(), world.opens_a_case()
    given = [{"heard": "9"}, {"off": "yes", "heard": "1"}, {"heard": "4"}]
    receipts = [phone.thanks(world.shows_a_code(case, world.meets(case)).token, **answers) for answers in given]
    meetings = [world.meets(other) for _ in given]
    takes_back(phone, receipts[1])
    for number in (0, 2):
        phone.thanks(world.shows_a_code(other, meetings[number]).token, **given[number])
    with world.reading() as uow:
        assert findings.list_findings(uow, case.code) == findings.list_findings(uow, other.code)


def test_an_unseen_answer_goes_too_and_the_same_form_does_not_bring_it_back(phone, world, code):
    nonce = phone.nonce(code.token)
    receipt = receipt_of(phone.http.get(phone.sends(code.token, "totals", nonce=nonce).location))
    assert rows(world, "sealed_submissions") == 1
    assert heading(takes_back(phone, receipt)) == DONE
    assert rows(world, "sealed_submissions") == 0
    assert phone.sends(code.token, "totals", nonce=nonce).status_code != 303
    assert rows(world, "sealed_submissions") == 0


def test_every_well_formed_receipt_is_told_the_same(phone, code):
    receipt = phone.thanks(code.token)
    told = {takes_back(phone, each).text for each in (UNKNOWN, receipt, receipt)}
    assert len(told) == 1


@pytest.mark.parametrize("written", [str.lower, lambda text: text.replace("-", " "), lambda text: f"  {text}\n"])
def test_a_receipt_may_be_written_by_hand(phone, world, code, written):
    receipt = phone.thanks(code.token)
    takes_back(phone, written(receipt))
    assert rows(world, "responses") == 0


def test_a_slip_is_named_and_what_was_typed_is_kept(phone, world, code):
    receipt = phone.thanks(code.token)
    slip = receipt[:-1] + ("X" if receipt[-1] != "X" else "Y")
    for typed in (slip, receipt[:-1], "<b>", "é" * 30):
        page = takes_back(phone, typed)
        assert page.status_code == 400
        assert soup(page.text).select_one("input[name=receipt]")["value"] == typed
    assert rows(world, "responses") == 1


@pytest.mark.checklist(24)
def test_the_thank_you_page_leads_to_one_question_first(phone, world, code):
    receipt = phone.thanks(code.token)
    page = takes_back(phone, receipt, ask="1")
    assert heading(page) == "Take your answers back?"
    assert soup(page.text).select_one("input[name=receipt]")["value"] == receipt
    assert rows(world, "responses") == 1


@pytest.mark.checklist(25)
def test_the_link_alone_takes_nothing_back(phone, world, code):
    phone.thanks(code.token)
    for guess in (code.token, code.typed, code.token[:RECEIPT_LENGTH]):
        takes_back(phone, guess)
    assert rows(world, "responses") == 1


def test_a_reviewed_flag_keeps_only_status_and_date(phone, world, code):
    receipt = phone.thanks(code.token, off="yes")
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, code.code.case_code)
        flags.set_status(uow, flag, flags.FlagStatus.TALKED, by="dana", on=flag.held_on)
    takes_back(phone, receipt)
    with world.reading() as uow:
        (left,) = flags.list_flags(uow, code.code.case_code)
        assert not responses.list_responses(uow, code.code.case_code)
    assert (left.status, left.finding.evidence) == (flags.FlagStatus.TALKED, ())


def test_tries_with_old_receipts_are_paced_by_network_whether_they_are_right_or_wrong(phone, code, monkeypatch):
    monkeypatch.setattr(withdraw_page, "OLD_RECEIPT", after(OLD_RECEIPT, 2))
    monkeypatch.setattr(withdraw_page, "FORMER_RECEIPT_LENGTH", RECEIPT_LENGTH)
    receipt = phone.thanks(code.token)
    for kind in (UNKNOWN, receipt):
        place = {"REMOTE_ADDR": "192.0.2.7" if kind == UNKNOWN else "198.51.100.7"}
        answers = [tries(phone, kind, **place) for _ in range(3)]
        assert [page.status_code for page in answers] == [200, 200, 429]
        assert answers[2].headers["Retry-After"] == "1"


@pytest.mark.fault("R14")
def test_a_right_receipt_is_taken_while_another_network_tries_them_by_chance(phone, world, code, monkeypatch):
    monkeypatch.setattr(withdraw_page, "OLD_RECEIPT", after(OLD_RECEIPT, 2))
    monkeypatch.setattr(withdraw_page, "FORMER_RECEIPT_LENGTH", RECEIPT_LENGTH)
    receipt = phone.thanks(code.token)
    assert {tries(phone, UNKNOWN, REMOTE_ADDR=f"192.0.{place}.7").status_code for place in range(200)} == {200}
    assert [tries(phone, UNKNOWN, REMOTE_ADDR="198.51.100.7").status_code for _ in range(300)].count(429) == 298
    assert tries(phone, receipt, REMOTE_ADDR="198.51.100.8").status_code == 200
    assert rows(world, "responses") == 0


def test_a_long_receipt_is_looked_up_however_many_were_tried_from_there(phone, world, code, monkeypatch):
    """Longer than those of before: nothing is counted, so nothing can be used up or found out by counting."""
    monkeypatch.setattr(withdraw_page, "OLD_RECEIPT", after(OLD_RECEIPT, 0))
    receipt = phone.thanks(code.token)
    assert {tries(phone, UNKNOWN).status_code for _ in range(100)} == {200}
    assert tries(phone, receipt).status_code == 200
    assert rows(world, "responses") == 0


def tries(phone, receipt, **environ):
    return phone.http.post("/withdraw", data={"receipt": receipt}, environ_overrides=environ)

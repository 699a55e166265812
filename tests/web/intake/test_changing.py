"""What a client sends is what is kept: a form sent again changes the answer, or its page says what stands and why."""

import re

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from feedback.domain.rupture import FlagStatus
from feedback.persistence.answers import responses
from feedback.persistence.cases import care
from feedback.persistence.flags import flags
from feedback.persistence.tables import staff
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.services.flags.review_flag import review_flag
from tests.support.html import soup
from tests.support.phone import NONCE, heading, receipt_of


def stored(world, code):
    with world.reading() as uow:
        return responses.list_responses(uow, code.code.case_code)


def revokes(world, code):
    it = world.installation
    with world.writing() as uow:
        case = care.get_case(uow, code.code.case_code)
        revoke_access_code(uow, it.clock, it.keyring, journal=it.journal, case=case, code_id=code.code.id, by="dana")


def disables(world):
    with world.writing() as uow:
        uow.connection.execute(update(staff).values(disabled_on=world.installation.clock.now().date()))


def takes_back(phone, receipt):
    assert phone.http.post("/withdraw", data={"receipt": receipt}).status_code == 200


def presses(phone, token, page, audience):
    """Press a button of a page that shows what was typed."""
    form = next(form for form in soup(page.text).select("form") if form.select(f'button[value="{audience}"]'))
    data = MultiDict([("audience", audience)])
    for field in form.select("input"):
        data.add(field["name"], field["value"])
    return phone.http.post(f"/F/{token}", data=data)


def test_back_change_send_keeps_the_change_under_the_same_receipt(phone, world, code):
    nonce = phone.nonce(code.token)
    first = phone.http.get(phone.sends(code.token, nonce=nonce, heard="3").location)
    second = phone.http.get(phone.sends(code.token, nonce=nonce, heard="8", comment="Better.").location)
    assert receipt_of(first) == receipt_of(second)
    assert "Dana can see your answers now." in second.text
    assert [each.response.ratings["heard"] for each in stored(world, code)] == [8]


def test_a_change_with_a_gap_comes_back_and_is_kept_all_the_same(phone, world, code):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, nonce=nonce, heard="3")
    missed = phone.sends(code.token, nonce=nonce, heard="8", pace=None)
    assert missed.status_code == 200
    assert NONCE.search(missed.text)[1] == nonce
    assert phone.sends(code.token, nonce=nonce, heard="8", pace=None, send_as_is="1").status_code == 303
    (kept,) = stored(world, code)
    assert kept.response.ratings["heard"] == 8
    assert "pace" not in kept.response.ratings


def test_a_form_that_came_back_before_it_was_ever_sent_can_be_changed_too(phone, world, code):
    nonce = NONCE.search(phone.sends(code.token, pace=None).text)[1]
    phone.sends(code.token, nonce=nonce, heard="3")
    phone.sends(code.token, nonce=nonce, heard="8")
    assert [each.response.ratings["heard"] for each in stored(world, code)] == [8]


def test_without_the_therapist_after_all_says_that_the_first_one_stands_and_leads_to_both(phone, world, code):
    nonce = phone.nonce(code.token)
    receipt = receipt_of(phone.http.get(phone.sends(code.token, nonce=nonce, heard="3").location))
    page = phone.sends(code.token, "totals", nonce=nonce, heard="8", comment="Still mine.")
    assert (page.status_code, heading(page)) == (409, "Your first answers still stand.")
    assert "What you sent just now was not counted." in page.text
    assert "Thank you" not in page.text
    assert "Still mine." in page.text
    back = soup(page.text).select_one('form[action^="/withdraw"] input[name="receipt"]')["value"]
    assert back == receipt.replace("-", "")
    assert presses(phone, code.token, page, "therapist").status_code == 303
    assert [each.response.ratings["heard"] for each in stored(world, code)] == [8]
    takes_back(phone, receipt)
    thanks = phone.http.get(presses(phone, code.token, page, "in-totals").location)
    assert "Dana cannot see them, or that you sent them." in thanks.text
    assert receipt_of(thanks) != receipt
    assert not stored(world, code)


@pytest.mark.parametrize("how", ["revoked", "over"])
def test_a_change_after_the_code_has_ended_is_not_kept_and_the_page_says_what_stands(phone, world, code, app, how):
    nonce = phone.nonce(code.token)
    receipt = receipt_of(phone.http.get(phone.sends(code.token, nonce=nonce, heard="3").location))
    if how == "revoked":
        revokes(world, code)
    else:
        app.extensions["feedback"] = world.on("2026-03-20").installation
    page = phone.sends(code.token, nonce=nonce, heard="8", comment="It was better.")
    assert (page.status_code, heading(page)) == (409, "This code has closed.")
    assert "Your change was not kept. The answers you sent before still stand. Dana can see them." in page.text
    assert "It was better." in page.text
    assert soup(page.text).select_one('input[name="receipt"]')["value"] == receipt.replace("-", "")
    assert [each.response.ratings["heard"] for each in stored(world, code)] == [3]
    assert phone.sends(code.token, nonce=nonce, heard="3").status_code == 303


def test_a_form_taken_back_is_not_brought_back_and_what_was_typed_can_be_sent_anew(phone, world, code):
    nonce = phone.nonce(code.token)
    receipt = receipt_of(phone.http.get(phone.sends(code.token, nonce=nonce).location))
    takes_back(phone, receipt)
    page = phone.sends(code.token, nonce=nonce, heard="4", closest=["judged", "pushed"], off="yes", comment="Mine.")
    assert (page.status_code, heading(page)) == (409, "Nothing was sent just now.")
    assert "This answer was taken back before." in page.text
    assert not stored(world, code)
    thanks = phone.http.get(presses(phone, code.token, page, "therapist").location)
    assert receipt_of(thanks) != receipt
    (kept,) = stored(world, code)
    assert kept.response.ratings["heard"] == 4
    assert kept.response.choices["closest"] == ("judged", "pushed")


def test_of_two_tabs_the_second_is_told_that_it_was_not_sent_and_loses_nothing(phone, world, code):
    mine, other = phone.nonce(code.token), phone.nonce(code.token)
    receipt = receipt_of(phone.http.get(phone.sends(code.token, nonce=mine, heard="2").location))
    page = phone.sends(code.token, nonce=other, heard="9", comment="From the other page.")
    assert heading(page) == "This one is done."
    assert "What you typed just now was not sent." in page.text
    assert "You do not need to do anything." not in page.text
    assert "From the other page." in page.text
    assert stored(world, code)[0].response.ratings["heard"] == 2
    takes_back(phone, receipt)
    assert presses(phone, code.token, page, "therapist").status_code == 303
    assert stored(world, code)[0].response.ratings["heard"] == 9


@pytest.mark.parametrize("how", ["revoked", "over"])
def test_a_first_send_after_the_code_has_ended_loses_nothing_that_was_typed(phone, world, code, app, how):
    nonce = phone.nonce(code.token)
    if how == "revoked":
        revokes(world, code)
    else:
        app.extensions["feedback"] = world.on("2026-03-20").installation
    page = phone.sends(code.token, nonce=nonce, comment="<b>Mine</b>", off="yes", wish="bring_up")
    assert page.status_code == 410
    assert "What you typed just now was not sent." in page.text
    said = [each.get_text(strip=True) for each in soup(page.text).select("dd")]
    assert said == ["7"] * 6 + ["Yes", "Please bring it up with me", "<b>Mine</b>"]


def test_what_was_typed_is_shown_to_no_key_that_is_not_of_this_code(phone, world, code):
    phone.sends(code.token)
    page = phone.sends(code.token, nonce="0" * 46, comment="Not shown.")
    assert heading(page) == "This one is done."
    assert "Not shown." not in page.text


def test_what_was_typed_on_a_tablet_never_comes_back(phone, world, code):
    nonce = phone.nonce(code.token)
    phone.sends(code.token)
    data = dict.fromkeys(("heard", "safe", "goals", "approach", "pace", "respect"), "7")
    page = phone.http.post(
        f"/F/{code.token}?kiosk=1", data=data | {"nonce": nonce, "audience": "therapist", "comment": "Not shown."}
    )
    there = phone.http.get(page.location)
    assert (page.status_code, heading(there)) == (303, "This one is done.")
    assert "Not shown." not in page.text + there.text


def test_what_a_form_asked_is_kept_also_when_it_would_not_ask_it_any_more(phone, world):
    case = world.opens_a_case()
    phone.sends(world.shows_a_code(case, world.meets(case)).token, off="yes")
    later = world.shows_a_code(case, world.meets(case))
    nonce = phone.nonce(later.token)
    it = world.installation
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.SETTLED, by=world.therapist)
    assert phone.sends(later.token, nonce=nonce, repair="helped").status_code == 303
    assert stored(world, later)[1].response.choices["repair"] == ("helped",)
    assert phone.sends(later.token, nonce=nonce, repair="helped").status_code == 303
    assert stored(world, later)[1].response.choices["repair"] == ("helped",)


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_no_answer_is_taken_in_the_name_of_a_therapist_whose_account_is_disabled(phone, world, code, card, audience):
    nonces = {each: phone.nonce(each.token) for each in (code, card)}
    disables(world)
    for each, nonce in nonces.items():
        opened = phone.opens(each.token)
        sent = phone.sends(each.token, audience, nonce=nonce, comment="For nobody.")
        for page in (opened, sent):
            assert (page.status_code, heading(page)) == (410, "No one reads this code just now.")
            assert "Dana" not in page.text
            assert "Anna Lind, clinical lead" in page.text
            assert "/help/harbour1" in page.text
        assert "For nobody." in sent.text
        assert not stored(world, each)
    with world.reading() as uow:
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM sealed_submissions").scalar_one() == 0


def test_sent_again_to_a_therapist_whose_account_is_disabled_is_no_thank_you(phone, world, code):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, nonce=nonce)
    disables(world)
    page = phone.sends(code.token, nonce=nonce)
    assert heading(page) == "No one reads this code just now."
    assert "What you sent before stays as it is." in page.text
    assert re.search(r"Dana\b", page.text) is None

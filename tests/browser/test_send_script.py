"""The optional script on a phone: without signal nothing is lost, and what is kept is what a plain form would send."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from feedback.persistence.clinic import clinics
from feedback.persistence.tables import answers, responses
from feedback.services.answers.comments import read_comment
from tests.support.browsing import PHONE, violations
from tests.support.builders import a_clinic
from tests.support.phone import SEVENS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]

NOTE = "Two lines,\nmore or less: “quoted”, ünlike & <b>."
APART = {"case_code", "nonce_hash", "receipt_hash", "sealed_comment"}


@pytest.fixture
def case(served):
    """A case of a clinic that wants the script."""
    with served.writing() as uow:
        clinics.save_clinic(uow, a_clinic(script_enabled=True))
    return served.opens_a_case()


@pytest.fixture
def phone_with(new_context, playwright):
    """Make a phone with or without JavaScript."""
    return lambda *, script: new_context(**playwright.devices[PHONE], java_script_enabled=script, locale="en-GB")


def opens(context, served, case):
    code = served.shows_a_code(case, served.meets(case))
    page = context.new_page()
    page.goto(f"{served.address}/F/{code.token}")
    for name, value in (SEVENS | {"off": "a_little", "closest": "rushed"}).items():
        box = page.locator(f"[name={name}][value='{value}']")
        if box.count():
            box.check(force=True)
    page.locator("textarea").fill(NOTE)
    return page


def send(page):
    page.get_by_role("button", name="Send to Dana", exact=True).click()


def kept(served, case):
    """Give what was stored of a case's only answer, but for what is different each time."""
    with served.reading() as uow:
        row = uow.connection.execute(select(responses).filter_by(case_code=case.code)).one()
        given = uow.connection.execute(select(answers).filter_by(case_code=case.code)).all()
        note = read_comment(uow, served.installation.keyring, (case.code, 1, "A"))
    plain = {name: value for name, value in row._mapping.items() if name not in APART}
    return plain, {(one.item_id, one.choice, one.value) for one in given}, note


@pytest.mark.checklist(28)
def test_without_signal_the_page_stays_and_one_tap_later_sends(served, case, phone_with):
    context = phone_with(script=True)
    page = opens(context, served, case)
    stored = "JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])"
    context.set_offline(offline=True)
    send(page)
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(page.locator("#unsent")).to_be_focused()
    expect(page.locator("textarea")).to_have_value(NOTE)
    expect(page.get_by_role("button", name="Send to Dana", exact=True)).to_be_visible()
    assert page.evaluate(stored) == '[0,0,""]'
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#unsent")).to_be_visible()
    context.set_offline(offline=False)
    assert violations(page) == []
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    assert kept(served, case)[2] == NOTE
    assert context.storage_state() == {"cookies": [], "origins": []}


def test_with_and_without_the_script_the_same_is_stored(served, case, phone_with):
    other = served.opens_a_case()
    for script, mine in ((True, case), (False, other)):
        page = opens(phone_with(script=script), served, mine)
        send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    assert kept(served, case) == kept(served, other)


def test_gaps_come_back_filled_and_a_tap_twice_stores_one(served, case, phone_with):
    page = opens(phone_with(script=True), served, case)
    page.locator("[name=pace][value='7']").evaluate("box => box.checked = false")
    send(page)
    expect(page.locator("[role=alert] h2").first).to_have_text("Not sent yet: You missed 1 question")
    expect(page.locator("textarea")).to_have_value(NOTE)
    page.get_by_role("button", name="Send as it is").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you.")
    assert kept(served, case)[2] == NOTE

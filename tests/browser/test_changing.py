"""Back, change, send: what a client goes back to say is kept, in a real browser, with and without script."""

import pytest

from feedback.persistence.answers import responses

pytestmark = pytest.mark.browser


def stored(served, code):
    with served.reading() as uow:
        return responses.list_responses(uow, code.code.case_code)


@pytest.mark.parametrize("has_script", [False, True])
def test_back_change_send_keeps_the_change(served, new_context, playwright, has_script):
    case = served.opens_a_case()
    code = served.shows_a_code(case, served.meets(case))
    phone = new_context(**playwright.devices["Pixel 7"], java_script_enabled=has_script, locale="en-GB")
    page = phone.new_page()
    page.goto(f"{served.address}/F/{code.token}")
    for item in ("heard", "safe", "goals", "approach", "pace", "respect"):
        page.locator(f'input[name="{item}"][value="3"]').check(force=True)
    page.get_by_role("button", name="Send to Dana").click()
    assert "Dana can see your answers now." in page.inner_text("main")
    receipt = page.inner_text(".code")
    page.go_back()
    assert page.locator('input[name="heard"][value="3"]').is_checked()
    page.locator('input[name="heard"][value="8"]').check(force=True)
    page.get_by_label("Anything else you want to say?").fill("It was better than I said.")
    page.get_by_role("button", name="Send to Dana").click()
    assert "Dana can see your answers now." in page.inner_text("main")
    assert page.inner_text(".code") == receipt
    assert [each.response.ratings["heard"] for each in stored(served, code)] == [8]
    page.go_back()
    page.get_by_role("button", name="Send without Dana seeing it").click()
    assert page.inner_text("h1") == "Your first answers still stand."
    assert "It was better than I said." in page.inner_text("main")
    with phone.expect_page() as opened:
        page.get_by_role("button", name="Take my first answers back").click()
    opened.value.get_by_role("button", name="Yes, take them back").click()
    assert opened.value.inner_text("h1") == "That is done."
    opened.value.close()
    assert not stored(served, code)
    page.get_by_role("button", name="Send without Dana seeing it").click()
    assert "Dana cannot see them" in page.inner_text("main")
    assert not stored(served, code)

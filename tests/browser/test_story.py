"""From an empty machine to a flag: the whole path, in real browsers, against the real server, on both databases."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.online import online as put_online
from tests.support.people import RATED, Client, StaffMember

pytestmark = pytest.mark.browser


STAFF_SCREEN = {"java_script_enabled": False, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def online(request, tmp_path_factory):
    """A clinic founded and served by the product's own commands, on each engine in turn."""
    folder = tmp_path_factory.mktemp("online")
    with request.getfixturevalue(f"{request.param}_shelf").empty(folder) as bare, put_online(bare, folder) as served:
        yield served


@pytest.fixture(scope="module")
def dana(online, browser):
    """A therapist who has been invited by the clinic admin and has taken it up; each test opens a case of its own."""
    with browser.new_context(**STAFF_SCREEN) as office, browser.new_context(**STAFF_SCREEN) as desk:
        anna = StaffMember(office.new_page(), online.base_url)
        anna.takes_up(online.invitation)
        therapist = StaffMember(desk.new_page(), online.base_url)
        therapist.takes_up(invitation_for_dana(anna))
        yield therapist


def invitation_for_dana(anna):
    """Let the clinic admin say whom else clients may talk to, and invite the therapist."""
    page = anna.page
    page.goto(f"{anna.base_url}/clinic/settings")
    page.get_by_label("Someone to talk to who is not the therapist").fill("Anna Lind, clinical lead, 020 7946 0000")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{anna.base_url}/clinic/staff")
    page.get_by_label("E-mail").fill("dana@example.org")
    page.get_by_label("Name clients see").fill("Dana")
    page.get_by_label("Role").select_option("therapist")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A link for Dana")
    return page.locator("p.addr").inner_text()


@pytest.fixture
def phones(new_context, playwright):
    """As many phones as are asked for, each with JavaScript off."""
    return lambda: Client(new_context(**playwright.devices["Pixel 7"], java_script_enabled=False, locale="en-GB"))


def flagged(dana, case):
    return dana.looks_at_the_dashboard().locator(f'article[data-case="{case}"]')


@pytest.mark.checklist(1)
def test_low_answers_become_a_possible_rupture_with_the_wish_and_the_note(dana, phones, online):
    case = dana.opens_a_case()
    client = phones()
    address = client.scans(dana.shows_a_code(case))
    assert re.fullmatch(r"HTTP://127\.0\.0\.1:\d+/F/[0-9A-HJKMNP-TV-Z]{26}", address)
    assert client.asked_for == [address.replace("HTTP", "http")]
    client.rates(4, safe=2)
    client.chooses("A little", "held something back", "Please bring it up with me")
    client.writes("When we talked about my sister I felt you moved on too fast.")
    client.sends("Send to Dana")
    assert client.context.cookies() == []
    assert {url.split("/")[2] for url in client.asked_for} == {online.base_url.split("/")[2]}
    row = flagged(dana, case)
    expect(row).to_contain_text("a little")
    expect(row).to_contain_text("Please bring it up with me")
    expect(row).to_contain_text("moved on too fast")
    expect(row).to_contain_text(re.compile(r"below what is usual at the start"))


@pytest.mark.checklist(35)
def test_perfect_ratings_with_a_clear_yes_are_listed_too(dana, phones):
    case = dana.opens_a_case()
    client = phones()
    client.scans(dana.shows_a_code(case))
    client.rates(10)
    client.chooses("Yes", "I will bring it up myself")
    client.sends("Send to Dana")
    row = flagged(dana, case)
    expect(row).to_contain_text("yes")
    expect(row).to_contain_text("I will bring it up myself")


def test_an_answer_nobody_reads_changes_no_byte_of_any_staff_page(dana, phones, online):
    case = dana.opens_a_case()
    client = phones()
    client.scans(dana.shows_a_code(case))
    everything_dana_sees(dana, online, case)  # so that nothing is new to her any more
    before = everything_dana_sees(dana, online, case)
    assert len(before) > 5
    client.rates(1)
    client.chooses("Yes")
    client.writes("Nobody may read this")
    client.sends("Send without Dana seeing it")
    assert everything_dana_sees(dana, online, case) == before
    assert flagged(dana, case).count() == 0


def everything_dana_sees(dana, online, case):
    """Walk every page a therapist can reach from the dashboard and the case, and give each page's bytes."""
    seen, waiting = {}, [f"{online.base_url}/dashboard", f"{online.base_url}/cases/{case}"]
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in seen or not address.startswith(online.base_url) or "/static/" in address:
            continue
        answer = dana.page.context.request.get(address)
        seen[address] = answer.body()
        found = re.findall(r'href="([^"]+)"', answer.text())
        waiting += [online.base_url + link.replace("&amp;", "&") for link in found if link.startswith("/")]
    return seen


@pytest.mark.checklist(22)
def test_the_same_send_twice_and_two_phones_on_one_code_keep_one_answer(dana, phones):
    case = dana.opens_a_case()
    first, second = phones(), phones()
    screen = dana.shows_a_code(case)
    address = first.scans(screen)
    second.scans(screen)
    first.rates(8)
    sent = dict.fromkeys(RATED, "8") | {"audience": "therapist", "nonce": first.nonce()}
    receipt = first.sends("Send to Dana")
    again = first.context.request.post(first.asked_for[0], form=sent, headers={"Origin": dana.base_url})
    assert receipt in again.text()
    first.page.go_back()
    first.rates(8)
    assert first.sends("Send to Dana") == receipt
    first.page.goto(address)
    expect(first.page.get_by_role("heading", level=1)).to_have_text("This one is done.")
    second.rates(3)
    second.page.get_by_role("button", name="Send to Dana", exact=True).click()
    expect(second.page.get_by_role("heading", level=1)).to_have_text("This one is done.")
    second.page.goto(address)
    expect(second.page.get_by_role("heading", level=1)).to_have_text("This one is done.")
    dana.page.goto(f"{dana.base_url}/cases/{case}")
    expect(dana.page.locator("main")).to_contain_text("8.0")


@pytest.mark.checklist(3, 24)
def test_the_receipt_takes_the_answer_back_and_opens_the_code_again(dana, phones, online):
    case = dana.opens_a_case()
    client = phones()
    address = client.scans(dana.shows_a_code(case))
    client.rates(2)
    client.chooses("Yes")
    receipt = client.sends("Send to Dana")
    expect(flagged(dana, case)).to_have_count(1)
    client.page.goto(f"{online.base_url}/withdraw")
    client.page.get_by_role("textbox").fill(receipt.lower())
    client.page.locator("main form button").first.click()
    expect(client.page.locator("main")).to_contain_text("withdrawn")
    expect(flagged(dana, case)).to_have_count(0)
    client.page.goto(address)
    expect(client.page.get_by_role("heading", level=1)).to_have_text("How was today?")

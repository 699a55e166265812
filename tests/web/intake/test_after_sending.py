"""What stands around an answer: previews that use nothing up, and a thank-you that repeats nothing."""

import re

import pytest

from feedback import paths
from feedback.domain.figures.period import Period
from feedback.services.figures.open_submissions import open_submissions
from tests.support.desk import a_desk
from tests.support.html import soup
from tests.support.phone import heading

PREVIEWS = (
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "Microsoft Office/16.0 (Microsoft Outlook)",
    "Mozilla/5.0 (compatible; a mail scanner)",
    "iMessageLinkPreview",
    "Twitterbot/1.0",
    "curl/8.0",
    "",
)


@pytest.mark.checklist(27)
def test_previews_and_scanners_use_nothing_up_and_find_no_card_to_show(phone, code):
    for agent in PREVIEWS:
        prefetch = {"User-Agent": agent, "Sec-Purpose": "prefetch"}
        assert phone.http.head(f"/F/{code.token}", headers=prefetch).status_code == 200
        page = phone.http.get(f"/F/{code.token}", headers=prefetch)
        assert not soup(page.text).select("meta[property], meta[name^='twitter'], meta[name=description]")
        assert soup(page.text).title.text == "How was today?"
    assert phone.sends(code.token).status_code == 303


@pytest.mark.checklist(23)
def test_the_thank_you_gives_receipt_way_back_and_what_comes_next_and_repeats_no_answer(phone, code):
    said = {"heard": "0", "off": "yes", "closest": ["judged"], "wish": "bring_up", "comment": "between us alone"}
    page = phone.http.get(phone.sends(code.token, **said).location)
    shown = soup(page.text)
    assert heading(page) == "Thank you."
    assert re.fullmatch("[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}", shown.select_one(".code").text)
    assert shown.find("button", string="Take my answers back")
    assert shown.find("h2", string="What happens next")
    for repeated in ("between us alone", "judged", "bring it up with me", "checked"):
        assert repeated not in shown.main.get_text(), repeated


@pytest.mark.checklist(34)
def test_no_sheet_knows_a_red():
    """A red: its red part is more than twice either of the others."""
    for name in ("client.css", "client_more.css", "staff.css"):
        sheet = (paths.static() / name).read_text(encoding="utf-8")
        colours = re.findall(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", sheet, flags=re.IGNORECASE)
        wide = [each if len(each) == 6 else "".join(sign * 2 for sign in each) for each in colours]
        parts = [tuple(bytes.fromhex(each)) for each in wide]
        assert len(parts) > 10 or name == "client_more.css"
        assert [each for each in parts if each[0] > 96 and max(each[1:]) < each[0] / 2] == []
        assert not re.search(r":\s*(red|crimson|tomato|firebrick|maroon|orangered)\b", sheet)


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_a_thank_you_that_is_opened_again_says_what_stands_by_then(phone, code, audience):
    thanks = phone.sends(code.token, audience).location
    receipt = soup(phone.http.get(thanks).text).select_one(".code").text
    phone.http.post("/withdraw", data={"receipt": receipt})
    page = phone.http.get(thanks)
    assert heading(page) == "These answers are not kept any more."
    assert receipt not in page.text


def test_what_was_first_sent_unseen_and_then_to_the_therapist_is_said_to_be_seen(phone, code):
    nonce = phone.nonce(code.token)
    thanks = phone.sends(code.token, "totals", nonce=nonce).location
    assert "Dana cannot see them" in phone.http.get(thanks).text
    phone.sends(code.token, "therapist", nonce=nonce)
    assert "Dana can see your answers now." in phone.http.get(thanks).text


def test_somebody_elses_answer_changes_no_thank_you(phone, code):
    thanks = phone.sends(code.token, "totals").location
    before = phone.http.get(thanks).text
    phone.sends(code.token, "totals", heard="1")
    phone.sends(code.token, "therapist")
    assert phone.http.get(thanks).text == before


def test_what_a_form_sent_unseen_goes_with_what_it_sent_that_was_not_from_the_client(phone, code, world):
    """The same form, first without the therapist seeing it and then to them, who says it is not their client's."""
    nonce, it = phone.nonce(code.token), world.installation
    thanks = phone.sends(code.token, "totals", nonce=nonce).location
    phone.sends(code.token, "therapist", nonce=nonce)
    a_desk(world).sends(f"/cases/{code.code.case_code}/not-theirs", session=1, seat="A")
    assert heading(phone.http.get(thanks)) == "These answers are not kept any more."
    with world.reading() as uow:
        found = open_submissions(uow, it.keyring, it.journal, Period.read("2026-Q1"))
        assert (found.unseen.answers, found.unseen.contested, len(found.ids)) == ((), 0, 1)


def test_what_another_form_sent_unseen_counts_once_an_answer_not_from_the_client_is_gone(phone, code, world):
    it = world.installation
    thanks = phone.sends(code.token, "totals").location
    phone.sends(code.token, "therapist", heard="1")
    a_desk(world).sends(f"/cases/{code.code.case_code}/not-theirs", session=1, seat="A")
    assert "Dana cannot see them" in phone.http.get(thanks).text
    with world.reading() as uow:
        found = open_submissions(uow, it.keyring, it.journal, Period.read("2026-Q1"))
        assert (len(found.unseen.answers), found.unseen.contested) == (1, 0)

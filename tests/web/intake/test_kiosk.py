"""The shared tablet: every page clears by itself, and a visit that has ended is over for the server too."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from feedback.domain.clock import FixedClock
from feedback.domain.limits import TYPED_CODE
from feedback.persistence.tables import responses, tablet_visits
from feedback.services.answers import resolve_access_code
from feedback.web.intake.tablet_thanks import SHOWN_SECONDS
from tests.support.client_pages import RECEIPT
from tests.support.html import StrictClient, soup
from tests.support.limits import after
from tests.support.phone import NONCE, SEVENS, heading

START = "/k/harbour1"
COOKIE = "__Host-feedback-tablet"
NOTE = "a private word"


@pytest.fixture
def tablet(app):
    """The clinic's tablet, which keeps its cookie as browsers do."""
    app.test_client_class = StrictClient
    return app.test_client()


@pytest.fixture
def later(app, world):
    """Let time pass."""
    stands = [world.installation.clock.now()]

    def passes(**time):
        stands[0] += timedelta(**time)
        app.extensions["feedback"] = replace(world.installation, clock=FixedClock(stands[0]))

    return passes


def starts(tablet, typed, **fields):
    return tablet.post(START, data={"code": typed} | fields)


def visits(tablet, code):
    """Begin a visit and give the address of its form."""
    return starts(tablet, code.typed).location


def sends(tablet, address, audience="therapist", **answers):
    filled = SEVENS | answers | {"audience": audience}
    return tablet.post(address, data={name: value for name, value in filled.items() if value is not None})


def link(page, words):
    return next(each["href"] for each in soup(page.text).find_all("a") if each.text.strip() == words)


def refresh(page):
    """Give what the page turns to and after how many seconds, or nothing."""
    found = soup(page.text).select_one("meta[http-equiv=refresh]")
    return found and found["content"]


def leads_to_start(answer):
    return (answer.status_code, answer.location) == (303, START)


def answers_kept(world):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(responses))


def going_on(world):
    with world.reading() as uow:
        return uow.connection.execute(select(tablet_visits)).all()


def test_the_only_clinics_tablet_needs_no_name(tablet):
    assert tablet.get("/k").location == START
    assert heading(tablet.get(START)) == "Ready when you are."
    assert tablet.get("/k/elsewhere").status_code == 404


def test_a_typed_code_opens_a_form_at_an_address_of_its_own_that_clears_after_ten_minutes(tablet, code):
    led = starts(tablet, code.typed.lower())
    assert led.status_code == 303
    assert code.token not in led.location
    page = tablet.get(led.location)
    assert page.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(f"600;url={START}/end/.+", refresh(page))
    assert "This page clears 10 minutes after it opened." in page.text
    form = soup(page.text).form
    assert (form["autocomplete"], form.has_attr("action")) == ("off", False)
    assert not NONCE.search(page.text)
    assert visits(tablet, code) != led.location


def test_a_link_for_a_tablet_begins_a_visit_and_nothing_is_ever_taken_there(tablet, world, code):
    for answer in (tablet.get(f"/F/{code.token}?kiosk=1"), sends(tablet, f"/F/{code.token}?kiosk=1")):
        assert answer.status_code == 303
        assert answer.location.startswith(f"{START}/form/")
    assert answers_kept(world) == 0
    assert tablet.get("/F/unknown?kiosk=1").status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7K4M-9QT", "It looks 1 short."),
        ("7K4M-9QTXXX", "It looks 2 too long."),
        ("7K4M-9QTX", "Check for a mix-up and try again."),
        ("", "It has 8 letters and numbers."),
        ("\x00<b>'; é" + "9" * 90, "It has 8 letters and numbers."),
    ],
)
def test_a_wrong_code_leads_to_a_page_that_says_what_is_wrong_and_not_what_was_typed(tablet, typed, says):
    led = starts(tablet, typed)
    assert led.status_code == 303
    page = tablet.get(led.location)
    assert (heading(page), refresh(page)) == ("Ready when you are.", f"300;url={START}")
    assert says in soup(page.text).select_one("#code-e").text
    assert not soup(page.text).select_one("#code")["value"]
    for text in (led.location, page.text.replace("7K4M-9QTX", "")):
        assert "9QT" not in text


def test_guessing_on_a_tablet_is_slowed_down_like_anywhere_and_leads_to_a_page_that_says_so(tablet, code, monkeypatch):
    monkeypatch.setattr(resolve_access_code, "TYPED_CODE", after(TYPED_CODE, 1))
    pages = [tablet.get(starts(tablet, "7K4M9QTX").location) for _ in range(2)]
    assert ["short break" in page.text for page in pages] == [False, True]
    assert [refresh(page) for page in pages] == [f"300;url={START}"] * 2


def test_a_code_left_on_the_start_page_is_gone_after_five_minutes_and_opens_nothing(tablet, code, later):
    page = tablet.get(START)
    assert refresh(page) == f"300;url={START}"
    assert link(page, "Clear this screen now") == START
    until = soup(page.text).select_one("[name=until]")["value"]
    later(minutes=4)
    assert "/form/" in starts(tablet, code.typed, until=until).location
    later(minutes=2)
    assert leads_to_start(starts(tablet, code.typed, until=until))
    for odd in ("", "x", "-1", "9" * 400, "é"):
        assert "/form/" in starts(tablet, code.typed, until=odd).location


@pytest.mark.checklist(29)
@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_the_thank_you_can_be_written_down_and_kept_longer_by_a_tap_as_often_as_one_likes(
    tablet, code, later, audience
):
    address = sends(tablet, visits(tablet, code), audience).location
    page = tablet.get(address)
    receipt = RECEIPT.search(page.text)[0]
    assert SHOWN_SECONDS >= 5 * 18
    assert (heading(page), refresh(page)) == ("Thank you.", f"{SHOWN_SECONDS};url={link(page, 'Done')}")
    assert page.headers["Clear-Site-Data"] == '"cache"'
    assert "close this page" not in page.text
    for _ in range(12):
        longer = tablet.get(link(page, "Keep this page 2 minutes longer"))
        page = tablet.get(longer.location)
        assert receipt in page.text
        assert refresh(page).startswith("120;")
        later(seconds=110)
    assert leads_to_start(tablet.get(address))
    later(seconds=11)
    assert leads_to_start(tablet.get(longer.location))
    assert leads_to_start(tablet.get(link(page, "Keep this page 2 minutes longer")))
    assert tablet.get(START).headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.checklist(29)
@pytest.mark.parametrize("audience", ["therapist", "totals"])
@pytest.mark.parametrize("way", ["Done", "timer"])
def test_after_done_and_after_the_timer_no_address_of_the_visit_leads_anywhere(tablet, world, code, audience, way):
    form = visits(tablet, code)
    missing = sends(tablet, form, audience, pace=None).location
    address = sends(tablet, missing, audience, pace="3").location
    page = tablet.get(address)
    asks = link(page, "Take my answers back")
    helps = link(page, "Someone else to talk to")
    longer = tablet.get(link(page, "Keep this page 2 minutes longer")).location
    kept = answers_kept(world)
    ends = link(page, "Done") if way == "Done" else refresh(page).partition("url=")[2]
    assert leads_to_start(tablet.get(ends))
    for each in (form, missing, address, asks, helps, longer, ends, link(page, "Keep this page 2 minutes longer")):
        assert leads_to_start(tablet.get(each)), each
    for each in (form, missing, asks):
        assert leads_to_start(sends(tablet, each, audience)), each
        assert leads_to_start(sends(tablet, each, audience, pace=None)), each
    assert answers_kept(world) == kept == (audience == "therapist")


def test_clearing_a_form_ends_its_visit_at_once(tablet, world, code):
    form = visits(tablet, code)
    missing = sends(tablet, form, comment=NOTE, pace=None).location
    assert leads_to_start(tablet.get(link(tablet.get(form), "Clear this screen now")))
    for each in (form, missing):
        assert leads_to_start(tablet.get(each))
        assert leads_to_start(sends(tablet, each))
    assert answers_kept(world) == 0


def test_an_abandoned_form_lets_nobody_answer_once_its_time_is_over(tablet, world, code, later):
    form = visits(tablet, code)
    later(minutes=10, seconds=1)
    assert leads_to_start(tablet.get(form))
    later(seconds=30)
    assert leads_to_start(sends(tablet, form))
    assert answers_kept(world) == 0
    assert sends(tablet, visits(tablet, code)).location.startswith(f"{START}/thanks/")


def test_a_send_that_was_on_its_way_when_the_page_cleared_is_taken(tablet, world, code, later):
    form = visits(tablet, code)
    later(minutes=10, seconds=20)
    assert "/thanks/" in sends(tablet, form).location
    assert answers_kept(world) == 1


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_the_same_send_twice_meets_the_same_receipt_while_the_visit_lasts(tablet, world, code, audience):
    form = visits(tablet, code)
    thanks = [tablet.get(sends(tablet, form, audience).location) for _ in range(2)]
    assert RECEIPT.search(thanks[0].text)[0] == RECEIPT.search(thanks[1].text)[0]
    assert answers_kept(world) == (audience == "therapist")
    assert leads_to_start(tablet.get(form)), "the form is not shown again once it was sent"
    assert leads_to_start(sends(tablet, form, audience, pace=None))


@pytest.mark.parametrize("audience", ["therapist", "totals", None])
def test_what_is_missing_is_asked_for_and_nothing_that_was_given_comes_back(tablet, world, code, audience):
    form = visits(tablet, code)
    given = {"comment": NOTE, "off": "yes", "closest": "judged", "heard": "2", "pace": None, "safe": None}
    led = sends(tablet, form, audience, **given)
    assert led.status_code == 303
    page = tablet.get(led.location)
    tree = soup(page.text)
    assert {each["name"] for each in tree.select("input, textarea")} == {"pace", "safe", "send_as_is"}
    assert not tree.select("[checked]")
    assert NOTE not in page.text
    assert "You missed 2 questions" in page.text
    assert "because this tablet is shared" in page.text
    assert {each["value"] for each in tree.select("button")} == {"therapist", "in-totals"}
    described = {name for each in tree.select("[aria-describedby]") for name in each["aria-describedby"].split()}
    assert described <= {each["id"] for each in tree.select("[id]")}
    thanks = tablet.post(led.location, data={"audience": "therapist", "send_as_is": "1", "pace": "9"})
    assert "/thanks/" in thanks.location
    with world.reading() as uow:
        row = uow.connection.execute(select(responses)).mappings().one()
    assert row["sealed_comment"]
    shown = world_answers(world)
    assert (shown["heard"], shown["pace"], shown.get("safe")) == (2, 9, None)
    assert shown["off"] == "yes"


def world_answers(world):
    from feedback.persistence.tables import answers

    with world.reading() as uow:
        rows = uow.connection.execute(select(answers.c.item_id, answers.c.value, answers.c.choice)).all()
    return {row.item_id: row.choice or row.value for row in rows}


def test_starting_again_from_what_is_missing_gives_an_empty_form_of_the_same_visit(tablet, code):
    missing = tablet.get(sends(tablet, visits(tablet, code), comment=NOTE, pace=None).location)
    empty = tablet.get(link(missing, "Start again with an empty form"))
    assert len(soup(empty.text).select("textarea")) == 1
    assert not soup(empty.text).select("[checked]")
    assert NOTE not in empty.text


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_a_form_sent_with_nothing_in_it_leads_to_an_empty_form_that_says_so_and_can_be_sent(
    tablet, world, code, audience
):
    missing = sends(tablet, visits(tablet, code), audience, **dict.fromkeys(SEVENS)).location
    led = tablet.post(missing, data={"audience": audience, "send_as_is": "1"})
    assert led.status_code == 303
    page = tablet.get(led.location)
    tree = soup(page.text)
    assert "Nothing is filled in, so there was nothing to send." in tree.select_one("[role=alert]").text
    assert {each["name"] for each in tree.select("input, textarea")} >= set(SEVENS) | {"comment"}
    assert "send_as_is" not in {each["name"] for each in tree.select("input")}
    assert answers_kept(world) == 0
    assert "/form/" in sends(tablet, led.location, audience, pace=None).location
    assert "/thanks/" in sends(tablet, led.location, audience).location
    assert answers_kept(world) == (audience == "therapist")


def test_a_note_that_is_too_long_is_asked_for_again_and_the_rest_is_kept(tablet, world, code):
    form = visits(tablet, code)
    assert soup(tablet.get(form).text).textarea["maxlength"] == "500"
    missing = sends(tablet, form, comment="x" * 501).location
    page = tablet.get(missing)
    assert {each["name"] for each in soup(page.text).select("input, textarea")} == {"comment"}
    assert "xxx" not in page.text
    assert "/thanks/" in tablet.post(missing, data={"audience": "therapist", "comment": "short"}).location
    assert answers_kept(world) == 1


def test_the_longest_note_fits_into_an_address_that_every_proxy_takes(tablet, world, code):
    hard = "".join(chr(0x1F300 + (7 * number * number) % 1400) for number in range(500))
    led = sends(tablet, visits(tablet, code), comment=hard, pace=None).location
    assert len(led) < 4200
    assert "/thanks/" in tablet.post(led, data={"audience": "therapist", "pace": "3"}).location


def test_what_cannot_be_saved_just_now_is_kept_for_another_try(tablet, world, code, monkeypatch):
    from feedback.domain.errors import NotSaved
    from feedback.web.intake import tablet_form

    def is_full(*_given):
        raise NotSaved("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(tablet_form, "submit", is_full)
        again = sends(tablet, visits(tablet, code), comment=NOTE).location
    page = tablet.get(again)
    assert "Please press the button once more." in page.text
    assert NOTE not in page.text
    assert "/thanks/" in tablet.post(again, data={"audience": "therapist"}).location
    assert world_answers(world)["heard"] == 7


def test_taking_back_from_the_thank_you_needs_no_receipt_in_the_page_and_ends_the_visit(tablet, world, code):
    thanks = tablet.get(sends(tablet, visits(tablet, code)).location)
    receipt = RECEIPT.search(thanks.text)[0]
    asks = link(thanks, "Take my answers back")
    asked = tablet.get(asks)
    assert heading(asked) == "Take your answers back?"
    assert receipt not in asked.text
    assert not soup(asked.text).select("input")
    assert refresh(asked).startswith("600;")
    done = tablet.post(asks)
    assert done.status_code == 303
    page = tablet.get(done.location)
    assert (heading(page), refresh(page)) == ("That is done.", f"{SHOWN_SECONDS};url={START}")
    assert answers_kept(world) == 0
    assert leads_to_start(tablet.post(asks))


def test_a_receipt_that_was_written_down_takes_back_on_the_tablet_and_is_never_shown(tablet, world, code):
    receipt = RECEIPT.search(tablet.get(sends(tablet, visits(tablet, code)).location).text)[0]
    done = tablet.get(visits(tablet, code))
    at = link(done, "Take my answers back")
    assert at == link(tablet.get(START), "Take an answer back") == f"{START}/withdraw"
    page = tablet.get(at)
    assert (refresh(page), soup(page.text).select_one("#receipt")["value"]) == (f"300;url={START}", "")
    slip = tablet.post(at, data={"receipt": receipt[:-1]})
    assert slip.status_code == 303
    assert "There is a slip" in tablet.get(slip.location).text
    assert receipt[:-1] not in slip.location + tablet.get(slip.location).text
    assert heading(tablet.get(tablet.post(at, data={"receipt": receipt}).location)) == "That is done."
    assert answers_kept(world) == 0


def test_help_within_a_visit_belongs_to_it(tablet, code):
    form = tablet.get(visits(tablet, code))
    helps = tablet.get(link(form, "Someone else to talk to"))
    assert heading(helps) == "Someone else to talk to"
    assert link(helps, "Clear this screen now").startswith(f"{START}/end/")
    from_start = tablet.get(link(tablet.get(START), "Someone else to talk to"))
    assert link(from_start, "Clear this screen now") == START


@pytest.mark.parametrize("sealed", ["x", "AAAA", "é", "%00", "A" * 400, "..%2f", "=" * 9])
@pytest.mark.parametrize("page", ["form", "thanks", "longer", "withdraw", "help", "end"])
def test_an_address_that_is_none_of_ours_leads_to_the_start(tablet, page, sealed):
    answer = tablet.get(f"{START}/{page}/{sealed}")
    assert leads_to_start(answer) or answer.status_code == 404
    if page in {"form", "withdraw"}:
        assert tablet.post(f"{START}/{page}/{sealed}").status_code in {303, 404}


def test_a_visit_works_at_the_addresses_it_was_made_for_only(tablet, code):
    form = visits(tablet, code)
    sealed = form.rpartition("/")[2]
    for page in ("thanks", "longer", "withdraw"):
        assert leads_to_start(tablet.get(f"{START}/{page}/{sealed}"))
    assert tablet.get(f"/k/elsewhere/form/{sealed}").location == "/k/elsewhere"
    assert tablet.get(form).status_code == 203


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_what_is_kept_of_a_visit_tells_neither_a_case_nor_an_answer(tablet, world, code, later, audience):
    """One row of the same kind whoever reads the answer, and none once the visit is over, whoever ended it."""
    form = visits(tablet, code)
    (before,) = going_on(world)
    thanks = tablet.get(sends(tablet, form, audience).location)
    (after,) = going_on(world)
    assert [len(after.tablet), len(after.visit), after.tablet] == [32, 32, before.tablet]
    assert after.hour == before.hour == int(world.installation.clock.now().timestamp()) // 3600
    assert tablet.get_cookie(COOKIE).value.encode() not in after.tablet + after.visit
    tablet.get(link(thanks, "Done"))
    assert going_on(world) == []
    visits(tablet, code)
    later(hours=2, seconds=1)
    another = tablet.application.test_client()
    visits(another, code)
    assert [row.tablet == after.tablet for row in going_on(world)] == [False]


@pytest.mark.parametrize("before", [None, "totals"])
def test_a_visit_looks_the_same_whether_somebody_else_sent_for_the_totals(tablet, phone, code, before):
    """An adversary keeps the addresses of a visit; what somebody else sends for the totals changes none of them."""
    form = visits(tablet, code)
    missing = sends(tablet, form, "totals", pace=None).location
    if before:
        assert phone.sends(code.token, before).status_code == 303
    seen = [tablet.get(form), tablet.get(missing), sends(tablet, form, "totals", pace=None)]
    assert [answer.status_code for answer in seen] == [203, 203, 303]
    assert "/form/" in seen[2].location
    assert "/thanks/" in sends(tablet, form, "totals").location


def test_a_browser_may_not_keep_the_form_or_the_receipt_for_back(tablet, code):
    """With any status but 200 Chromium does not: see the browser test."""
    form = visits(tablet, code)
    assert tablet.get(form).status_code == 203
    assert tablet.get(sends(tablet, form).location).status_code == 203
    assert tablet.get(f"/F/{code.token}").status_code == 200


def test_on_somebodys_own_phone_nothing_clears(tablet, phone, code):
    form = tablet.get(f"/F/{code.token}")
    thanks = tablet.get(phone.sends(code.token).location)
    for page in (form, thanks, tablet.get("/"), tablet.get("/withdraw"), tablet.get("/withdraw?kiosk=1")):
        assert refresh(page) is None
        assert "Clear-Site-Data" not in page.headers
        assert "tablet" not in page.text


@pytest.mark.checklist(29)
def test_every_page_of_a_visit_clears_by_ending_it_and_keeps_nothing(tablet, world, code):
    form = visits(tablet, code)
    missed = tablet.get(sends(tablet, form, pace=None).location)
    crossed = tablet.post(form, headers={"Sec-Fetch-Site": "cross-site"})
    thanks = tablet.get(sends(tablet, form).location)
    asked = tablet.get(link(thanks, "Take my answers back"))
    done = tablet.get(visits(tablet, code))
    assert heading(done) == "This one is done."
    for page in (missed, asked, done):
        assert re.fullmatch(f"600;url={START}/end/.+", refresh(page)), page.request.path
        assert link(page, "Clear this screen now").startswith(f"{START}/end/")
    for page in (missed, asked, done, crossed, tablet.get("/k/harbour1/nowhere")):
        assert page.headers["Cache-Control"] == "no-store"
        assert refresh(page)
        assert not soup(page.text).select("a[href='/'], a[href='/withdraw'], form[action='/withdraw']")


def test_the_foot_of_a_tablet_names_the_front_desk_since_nobody_can_phone_from_it(tablet, code):
    for page in (tablet.get(START), tablet.get(visits(tablet, code))):
        foot = soup(page.text).footer
        assert "Need help now? Please tell anyone at the front desk." in foot.get_text(" ", strip=True)
        assert "116 123" in foot.text
        assert not foot.select("a[href^='tel:']")


def test_the_easier_version_and_the_tablet_go_together_and_the_choice_ends_with_the_person(tablet, code):
    form = visits(tablet, code)
    easy = tablet.get(form.partition("?")[0] + link(tablet.get(form), "Easier version"))
    assert link(easy, "Use numbers 0 to 10") == "?"
    answers = SEVENS | dict.fromkeys(set(SEVENS) - {"off"}, "3")
    missing = tablet.get(sends(tablet, easy.request.full_path, **(answers | {"pace": None})).location)
    assert missing.request.args["easy"] == "1"
    assert len(soup(missing.text).select("[name=pace]")) == 5
    thanks = tablet.get(sends(tablet, easy.request.full_path, **answers).location)
    assert tablet.get(link(thanks, "Done")).location == START


def test_a_tablets_page_is_never_given_to_a_phone(tablet, code):
    visit = visits(tablet, code)
    asked = [visit, f"/F/{code.token}", f"/F/{code.token}?easy=1", visit]
    shown = ["front desk" in tablet.get(address).text for address in asked]
    assert shown == [True, False, False, True]


def test_a_form_that_came_back_on_somebodys_own_phone_is_shown_as_often_as_it_is_sent(tablet, code):
    address = f"/F/{code.token}"
    first = {"comment": NOTE, "audience": "totals"} | {"nonce": NONCE.search(tablet.get(address).text)[1]}
    missed = tablet.post(address, data=first)
    second = first | {"send_as_is": "1", "nonce": NONCE.search(missed.text)[1]}
    assert tablet.post(address, data=second).status_code == 303
    assert NOTE in tablet.post(address, data=first).text

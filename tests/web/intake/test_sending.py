"""Sending: kept once, thanked alike, seen by whom the client chose and by nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedback.domain.rupture import FlagStatus
from feedback.persistence.answers import responses
from feedback.persistence.flags import findings, flags
from feedback.services.answers.comments import read_comment
from tests.support.html import soup
from tests.support.phone import NONCE, SEVENS, Phone, heading, receipt_of, without_nonce

ROWS = "SELECT count(*) FROM "
BLANK = dict.fromkeys(SEVENS)
EVERY_TRACE = ("responses", "answers", "findings", "sealed_submissions", "rupture_flags")


def count(world, table):
    with world.reading() as uow:
        return uow.connection.exec_driver_sql(ROWS + table).scalar_one()


def stored(world, code):
    with world.reading() as uow:
        return responses.list_responses(uow, code.code.case_code)


def test_an_answer_for_the_therapist_is_kept_whole(phone, world, code):
    phone.sends(
        code.token, heard="3", off="a_little", closest=["judged", "pushed"], wish="bring_up", comment="I felt  rushed."
    )
    (kept,) = stored(world, code)
    assert kept.response.ratings["heard"] == 3
    assert kept.response.choices == {"off": ("a_little",), "closest": ("judged", "pushed"), "wish": ("bring_up",)}
    with world.reading() as uow:
        place = (code.code.case_code, 1, "A")
        assert read_comment(uow, world.installation.keyring, place) == "I felt  rushed."
        assert findings.list_findings(uow, code.code.case_code)[1, "A"].forms == 1


def test_a_clear_yes_is_listed_even_with_perfect_ratings(phone, world, code):
    tens = dict.fromkeys(("heard", "safe", "goals", "approach", "pace", "respect"), "10")
    phone.sends(code.token, **tens, off="yes", wish="just_know")
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, code.code.case_code)
    assert flag.status is FlagStatus.NEW


@pytest.mark.checklist(9)
def test_follow_ups_of_a_no_are_not_kept(phone, world, code):
    phone.sends(code.token, off="no", closest=["judged"], wish="bring_up")
    assert stored(world, code)[0].response.choices == {"off": ("no",)}


def test_follow_ups_without_a_no_are_kept_for_browsers_that_cannot_hide_them(phone, world, code):
    phone.sends(code.token, off=None, wish="bring_up")
    assert stored(world, code)[0].response.choices == {"wish": ("bring_up",)}


def test_repair_is_asked_and_kept_only_while_a_flag_is_open(phone, world):
    case = world.opens_a_case()
    first = world.shows_a_code(case, world.meets(case))
    phone.sends(first.token, off="yes", repair="helped")
    assert "repair" not in stored(world, first)[0].response.choices
    later = world.shows_a_code(case, world.meets(case))
    assert "have you two talked about it?" in phone.opens(later.token).text
    phone.sends(later.token, repair="helped")
    assert stored(world, later)[1].response.choices["repair"] == ("helped",)


@pytest.mark.fault("R14")
@pytest.mark.checklist(22)
def test_sending_twice_keeps_one_and_thanks_twice(phone, world, code):
    nonce = phone.nonce(code.token)
    pages = [phone.http.get(phone.sends(code.token, nonce=nonce, comment="once").location) for _ in range(2)]
    assert pages[0].text == pages[1].text
    assert count(world, "responses") == 1


def test_two_phones_on_one_code_keep_one_answer(phone, world, code):
    mine, theirs = phone.nonce(code.token), phone.nonce(code.token)
    assert phone.sends(code.token, nonce=mine, heard="2").status_code == 303
    second = phone.sends(code.token, nonce=theirs, heard="9")
    assert heading(second) == "This one is done."
    assert stored(world, code)[0].response.ratings["heard"] == 2


@pytest.mark.checklist(26)
def test_a_done_code_says_so_without_repeating_an_answer(phone, code):
    phone.sends(code.token, comment="between us")
    page = phone.opens(code.token)
    assert page.status_code == 200
    assert "Monday 2 March" in page.text
    assert "between us" not in page.text
    assert "<form" not in page.text


def test_gaps_on_a_done_code_are_not_asked_about(phone, code):
    nonce = phone.nonce(code.token)
    phone.sends(code.token)
    assert heading(phone.sends(code.token, nonce=nonce[:-1] + "0", pace=None)) == "This one is done."


def test_totals_leave_nothing_a_route_could_read(phone, world, code):
    phone.sends(code.token, "totals", off="yes", comment="nobody reads this", wish="bring_up")
    assert [count(world, table) for table in ("responses", "answers", "findings", "rupture_flags")] == [0, 0, 0, 0]
    assert count(world, "sealed_submissions") == 1


def test_totals_rows_have_one_length_whatever_was_answered(phone, world):
    lengths = set()
    blank = BLANK | {"off": "no"}
    tens = dict.fromkeys(("heard", "safe", "goals", "approach", "pace", "respect"), "10") | {"off": "not_sure"}
    for answers in ({}, blank | {"send_as_is": "1"}, tens):
        case = world.opens_a_case()
        phone.sends(world.shows_a_code(case, world.meets(case)).token, "totals", **answers)
    with world.reading() as uow:
        lengths = {len(row.sealed) for row in uow.connection.exec_driver_sql("SELECT sealed FROM sealed_submissions")}
    assert len(lengths) == 1


def test_each_form_sent_unseen_is_a_row_of_its_own_and_the_same_form_again_renews_it(phone, world, code, app):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, "totals", nonce=nonce)
    phone.sends(code.token, "totals")
    assert count(world, "sealed_submissions") == 2
    app.extensions["feedback"] = world.on("2026-03-03").installation
    assert phone.sends(code.token, "totals", nonce=nonce, heard="2").status_code == 303
    assert (count(world, "sealed_submissions"), count(world, "tenant_lookup")) == (2, 2)


def test_sharing_leaves_what_was_sent_unseen_to_the_making_of_figures(phone, world, code):
    phone.sends(code.token, "totals")
    assert phone.sends(code.token, "therapist").status_code == 303
    assert (count(world, "sealed_submissions"), count(world, "responses")) == (1, 1)
    assert count(world, "tenant_lookup") == 3


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_unused_and_counted_codes_answer_alike(phone, world, audience):
    case = world.opens_a_case()
    unused, counted = (world.shows_a_code(case, world.meets(case)) for _ in range(2))
    phone.sends(counted.token, "totals", heard="1", off="yes")

    def seen(code):
        shown, missed = phone.opens(code.token), phone.sends(code.token, audience, pace=None)
        sent = phone.sends(code.token, audience)
        thanks = phone.http.get(sent.location)
        told = thanks.text.replace(receipt_of(thanks), "")
        headers = [
            sorted((name, value) for name, value in each.headers if name != "Location") for each in (shown, sent)
        ]
        return without_nonce(shown), without_nonce(missed), headers, len(sent.location), told

    assert seen(unused) == seen(counted)


@pytest.mark.checklist(23)
def test_the_thank_you_is_the_same_whatever_was_answered(phone, world):
    told = set()
    for answers in ({}, {"off": "yes", "heard": "0", "comment": "awful", "wish": "bring_up"}):
        case = world.opens_a_case()
        thanks = phone.http.get(phone.sends(world.shows_a_code(case, world.meets(case)).token, **answers).location)
        told.add(thanks.text.replace(receipt_of(thanks), ""))
    assert len(told) == 1


def test_the_thank_you_says_who_reads_it(phone, world):
    for audience, words in (
        ("therapist", "Dana can see your answers now."),
        ("totals", "Dana cannot see them, or that you sent them."),
    ):
        case = world.opens_a_case()
        sent = phone.sends(world.shows_a_code(case, world.meets(case)).token, audience)
        assert words in phone.http.get(sent.location).text


def test_a_thank_you_address_made_up_leads_nowhere(phone, code):
    good = phone.sends(code.token).location
    for bad in ("x", good[8:-4] + "AAAA", "%00", "é", good[8:] + good[8:]):
        assert phone.http.get(f"/thanks/{bad}").status_code == 404


def test_a_late_form_keeps_the_flags_and_the_order(phone, world):
    case = world.opens_a_case()
    codes = [world.shows_a_code(case, world.meets(case)) for _ in range(3)]
    phone.sends(codes[0].token)
    phone.sends(codes[2].token, off="yes")
    phone.sends(codes[1].token, heard="6")
    with world.reading() as uow:
        found = findings.list_findings(uow, case.code)
        assert [found[number, "A"].forms for number in (1, 2, 3)] == [1, 2, 3]
        assert [flag.session_number for flag in flags.list_flags(uow, case.code)] == [3]
        assert findings.get_state(uow, case.code, "A").last_session == 3


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_a_form_with_nothing_in_it_is_not_kept_and_comes_back_as_it_was(phone, world, code, audience):
    page = phone.sends(code.token, audience, send_as_is="1", **BLANK)
    alert = soup(page.text).select_one("[role=alert]")
    assert alert.h2.text == "Not sent yet"
    assert "Nothing is filled in, so there was nothing to send." in alert.text
    assert not soup(page.text).select("[checked]")
    assert {each["value"] for each in soup(page.text).select("form button")} == {"therapist", "in-totals"}
    assert [count(world, table) for table in EVERY_TRACE] == [0] * len(EVERY_TRACE)
    nonce = NONCE.search(page.text)[1]
    assert phone.sends(code.token, audience, nonce=nonce).status_code == 303


@pytest.mark.parametrize("audience", ["therapist", "totals"])
def test_a_form_emptied_after_it_was_sent_says_that_the_answer_stands(phone, code, audience):
    nonce, stands = phone.nonce(code.token), "What you sent before stays as it is."
    assert stands not in phone.sends(code.token, audience, nonce=nonce, send_as_is="1", **BLANK).text
    assert phone.sends(code.token, audience, nonce=nonce).status_code == 303
    for other in ("therapist", "totals"):
        page = phone.sends(code.token, other, nonce=nonce, send_as_is="1", **BLANK)
        assert stands in soup(page.text).select_one("[role=alert]").text


@pytest.mark.parametrize(
    "answers", [{"comment": "I could not today."}, {"off": "no"}, {"heard": "0"}, {"off": "yes", "wish": "bring_up"}]
)
def test_a_note_or_a_single_answer_is_an_answer(phone, world, code, answers):
    assert phone.sends(code.token, **(BLANK | answers), send_as_is="1").status_code == 303
    (kept,) = stored(world, code)
    assert (kept.score, len(kept.response.ratings)) == (None, "heard" in answers)


def test_a_blank_that_looks_like_a_note_is_none(phone, world, code):
    page = phone.sends(code.token, **(BLANK | {"comment": " \n\t "}), send_as_is="1")
    assert "Nothing is filled in" in page.text
    assert not stored(world, code)


def test_every_client_page_offers_help(phone, world, code):
    for page in (phone.opens(code.token), phone.http.get(phone.sends(code.token).location), phone.opens(code.token)):
        foot = soup(page.text).footer
        assert [link["href"] for link in foot.select("a")] == ["tel:999", "tel:116123", "/help/harbour1"]


@pytest.mark.fault("R14")
def test_eight_phones_in_the_same_moment_keep_one_answer(phone, world, app, code, card):
    for each in (code, card):
        nonces = [phone.nonce(each.token) for _ in range(8)]
        start = threading.Barrier(8)

        def press(nonce, token=each.token, start=start):
            start.wait()
            return Phone(app).sends(token, nonce=nonce)

        with ThreadPoolExecutor(8) as crowd:
            answers = list(crowd.map(press, nonces))
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [303]
        assert {heading(answer) for answer in answers if answer.status_code == 200} == {"This one is done."}
        assert len(stored(world, each)) == 1


@pytest.mark.fault("R14")
def test_one_press_that_arrives_eight_times_is_thanked_eight_times(phone, world, app, code):
    nonce = phone.nonce(code.token)
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: Phone(app).sends(code.token, nonce=nonce), range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({receipt_of(phone.http.get(answer.location)) for answer in answers}) == 1
    assert count(world, "responses") == 1

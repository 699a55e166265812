"""Whatever is typed into the comment, kept and shown are the same, and no page breaks."""

import html

import pytest

from feedback.domain.plain_text import plain_text
from feedback.persistence.answers import responses
from feedback.services.answers.comments import read_comment
from tests.support.html import soup
from tests.support.naughty import NAUGHTY, RAW, SOME


def test_there_are_at_least_two_hundred_and_none_twice():
    assert len(NAUGHTY) >= 200
    assert len(set(NAUGHTY)) == len(NAUGHTY)


@pytest.fixture
def naughty(engine_name):
    """All of them once; some on the second engine, which is given none of them as text: they are sealed or hashed."""
    return NAUGHTY if engine_name == "sqlite" else SOME


def kept(world, code):
    with world.reading() as uow:
        return read_comment(uow, world.installation.keyring, (code.code.case_code, 1, "A"))


@pytest.mark.fault("R13")
def test_what_is_kept_is_what_the_form_shows_again(phone, world, naughty, engine_name, measured):
    stored_at = {}
    for count, text in enumerate(naughty):
        if count % 20 == 0:
            case = world.opens_a_case()  # each answer is judged by all before it
        code = world.shows_a_code(case, meeting := world.meets(case))
        again = phone.sends(code.token, comment=text, pace=None)
        page = soup(again.text)
        shown = page.select_one("textarea").text
        sent = phone.sends(code.token, comment=text, nonce=page.select_one("[name=nonce]")["value"])
        assert sent.status_code == 303, ascii(text)
        stored_at[case.code, meeting.number, "A"] = (text, shown)
    with world.reading() as uow:
        for place, (text, shown) in stored_at.items():
            stored = read_comment(uow, world.installation.keyring, place)
            assert stored == plain_text(text), ascii(text)
            assert shown.removeprefix("\n").removesuffix("\n") == stored, ascii(text)
    measured("R13", f"{engine_name}: {len(naughty)} texts: each kept as shown")


def test_markup_never_reaches_a_page_unescaped(phone, code):
    for text in ("</textarea><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=x>'):
        page = phone.sends(code.token, comment=text, pace=None).text
        assert text not in page
        assert html.escape(text, quote=False) in page.replace("&#34;", '"')


def test_a_placeholder_in_a_comment_stays_what_it_is(phone, world, code):
    phone.sends(code.token, comment="{therapist} {{ 7 * 7 }}")
    assert kept(world, code) == "{therapist} {{ 7 * 7 }}"


@pytest.mark.fault("R13")
@pytest.mark.parametrize("raw", RAW, ids=ascii)
def test_bytes_that_are_no_text_are_taken_without_a_fault(phone, world, code, raw):
    rest = "&".join(f"{item}=7" for item in ("heard", "safe", "goals", "approach", "pace", "respect"))
    body = f"nonce={phone.nonce(code.token)}&audience=therapist&{rest}&comment=".encode() + raw
    form = "application/x-www-form-urlencoded"
    sent = phone.http.post(f"/F/{code.token}", data=body, content_type=form).status_code
    if raw.isascii():
        assert sent == 303
        stored = kept(world, code)
        assert plain_text(stored) == stored
    else:
        assert sent == 400


def test_naughty_codes_and_receipts_are_kept_as_typed_and_never_fault(phone, naughty):
    for text in naughty:
        for address, field in (("/code", "code"), ("/withdraw", "receipt")):
            page = phone.http.post(address, data={field: text})
            assert page.status_code in {200, 400, 404, 429}, ascii(text)


def test_white_space_for_a_tile_is_an_answer_left_blank(phone, world, code):
    for blank in (" ", "\t", "\x1f\x1e\x1d", "\u3000"):
        page = phone.sends(code.token, heard=blank, off=blank)
        assert page.status_code == 200
        assert [link["href"] for link in soup(page.text).select("[role=alert] a")] == ["#heard"]
    assert phone.sends(code.token, heard=" ", off=" ", send_as_is="1").status_code == 303
    with world.reading() as uow:
        (answer,) = responses.list_responses(uow, code.code.case_code)
    assert answer.response.choices.get("off") is None

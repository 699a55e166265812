"""Every item kind is drawn from the instrument file alone, whatever its number of steps."""

import re
from dataclasses import replace

import pytest

from feedback.domain.instrument import ResponseOption
from feedback.instruments import load
from feedback.web.client_page import draw
from feedback.web.intake.form_page import FormPage, Sent
from tests.support.builders import a_clinic
from tests.support.html import soup

RAPPORT = load("rapport-session")


@pytest.fixture
def drawn(app):
    """Draw a form of a changed instrument."""

    def draw_form(items, sent=None, **changes):
        instrument = replace(RAPPORT, items=items)
        page = FormPage(
            a_clinic(**changes), "Dr <b>O’Neill</b>", "Monday 2 March", instrument, asks_repair=True, sentence=2
        )
        with app.test_request_context("/"):
            return soup(
                draw("intake/form.html", clinic=page.clinic, page=page, sent=sent or Sent(), nonce="x", day=page.day)
            )

    return draw_form


@pytest.mark.parametrize("points", [2, 5, 7, 11, 21])
def test_a_scale_has_one_tile_per_step_between_its_words(drawn, points):
    page = drawn((replace(RAPPORT.scales[0], points=points), *RAPPORT.items[1:]))
    assert [tile["value"] for tile in page.select("[name=heard]")] == [str(step) for step in range(points)]
    assert page.select_one("#heard-h").text == f"{points - 1} – completely"


def test_a_scale_of_101_steps_is_a_number_field(drawn):
    page = drawn((replace(RAPPORT.scales[0], points=101), *RAPPORT.items[1:]), Sent({"heard": ("73",)}, note="again"))
    (field,) = page.select("[name=heard]")
    assert (field["type"], field["min"], field["max"], field["value"]) == ("number", "0", "100", "73")
    assert field["aria-label"] == "How well did you feel understood today?"


def test_scales_with_other_ends_describe_themselves(drawn):
    page = drawn((RAPPORT.scales[0], replace(RAPPORT.scales[1], high="entirely"), *RAPPORT.items[2:]))
    described = {group.input["name"]: group["aria-describedby"] for group in page.select("fieldset:has(.g)")}
    assert described["heard"] == described["goals"] == "heard-l heard-h"
    assert described["safe"] == "safe-l safe-h"


def test_a_name_is_text_wherever_it_stands(drawn):
    page = drawn(RAPPORT.items)
    assert page.find("button", value="therapist").text == "Send to Dr <b>O’Neill</b>"
    assert page.find("legend", string=re.compile("What should Dr <b>O’Neill</b> do"))
    assert not page.select("button b, legend b")


def test_long_labels_stand_below_each_other(drawn):
    long = tuple(ResponseOption(f"v{n}", "a rather long answer") for n in range(4))
    page = drawn((*RAPPORT.items[:6], replace(RAPPORT.items[6], options=long), *RAPPORT.items[9:]))
    assert "v" in page.select_one("fieldset:has([name=off]) .s")["class"]
    assert "v" not in drawn(RAPPORT.items).select_one("fieldset:has([name=off]) .s")["class"]


def test_without_help_numbers_the_comment_names_none(drawn):
    page = drawn(RAPPORT.items, help_numbers=())
    assert "If you are not safe, see the numbers below." in page.select_one("#comment-h").text
    assert page.select("footer a[href^='tel:']")

"""How a clinic's client pages look and behave: colour, quick way out, optional script; and the tablet's address."""

import pytest

from feedback.domain.colour import contrast
from tests.support.html import soup
from tests.web.clinic.test_settings import clinic_now, fields_of, saves


def test_a_colour_a_way_out_and_the_script_are_kept(admin, world):
    assert (
        saves(admin, accent="#7A3B69", quick_exit="https://www.weather.example/", script_enabled="y").status_code == 303
    )
    clinic = clinic_now(world)
    assert (clinic.accent, clinic.quick_exit, clinic.script_enabled) == (
        "#7a3b69",
        "https://www.weather.example/",
        True,
    )
    assert saves(admin, accent="", quick_exit="").status_code == 303
    assert (clinic_now(world).accent, clinic_now(world).quick_exit) == ("", "")


def test_without_a_choice_all_three_are_off(world):
    clinic = clinic_now(world)
    assert (clinic.accent, clinic.quick_exit, clinic.script_enabled) == ("", "", False)


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("accent", "#8fd0c0", "too pale to be read"),
        ("accent", "green", "six signs"),
        ("accent", "#fff;}*{", "longer than 7"),
        ("quick_exit", "http://www.weather.example/", "open https address"),
        ("quick_exit", "javascript:alert(1)", "open https address"),
        ("quick_exit", "https://anna:secret@weather.example/", "open https address"),
        ("quick_exit", "https://localhost/", "open https address"),
        ("quick_exit", "https://weather.example/?who=me", "open https address"),
        ("quick_exit", "https://[", "open https address"),
        ("quick_exit", "https://weather.example/" + "x" * 200, "longer than 200"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost_or_changed(admin, world, field, wrong, said):
    before = clinic_now(world)
    answer = saves(admin, **{field: wrong, "phone": "020 7946 0999"})
    assert answer.status_code == 400
    assert said in answer.text
    assert fields_of(answer.text)[field] == wrong
    assert fields_of(answer.text)["phone"] == "020 7946 0999"
    assert clinic_now(world) == before


def test_the_page_shows_the_colour_in_both_schemes(admin):
    assert not soup(admin.opens("/clinic/settings").text).select(".swatches")
    saves(admin, accent="#7a3b69")
    fills = [each["fill"] for each in soup(admin.opens("/clinic/settings").text).select(".swatches [fill]")]
    assert fills[1] == "#7a3b69"
    for paper, button, said, link in (fills[:4], fills[4:]):
        assert contrast(button, said) >= 4.5
        assert contrast(paper, link) >= 4.5


def test_a_readable_colour_below_the_aim_is_taken_and_says_so(admin, world):
    assert saves(admin, accent="#6f6f6f").status_code == 303
    assert "That can be read; 7 to 1 or more also by people with weak eyes." in admin.opens("/clinic/settings").text
    assert saves(admin, accent="#1f5b52").status_code == 303
    assert "weak eyes" not in admin.opens("/clinic/settings").text


def test_the_page_says_what_a_way_out_does_not_do_and_where_the_tablet_begins(admin):
    text = soup(admin.opens("/clinic/settings").text).main.get_text(" ")
    assert "It hides nothing: Back leads to the form again" in text
    assert "https://hl.example/k/harbour1" in text

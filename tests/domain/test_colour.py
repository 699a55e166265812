"""A clinic's colour: the formula of WCAG 2.2, what is refused, and that whatever passes can be read everywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import paths
from feedback.domain.colour import (
    DARK,
    EDGE_LIMIT,
    LIGHT,
    TEXT_AIM,
    TEXT_LIMIT,
    contrast,
    palette_for,
    read_colour,
)
from feedback.domain.errors import Refused

COLOURS = st.binary(min_size=3, max_size=3).map(lambda parts: f"#{parts.hex()}")


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("typed", "read"), [("#1F5B52", "#1f5b52"), (" 1f5b52 ", "#1f5b52"), ("#0a7", "#00aa77")])
def test_a_colour_is_read_as_people_write_it(typed, read):
    assert read_colour(typed) == read


@pytest.mark.parametrize("typed", ["green", "#12345", "#12345g", "", "#1234567", "rgb(0,0,0)", "#fff;}"])
def test_anything_else_is_refused(typed):
    with pytest.raises(Refused, match="six signs"):
        read_colour(typed)


def test_a_pale_colour_is_refused_with_the_nearest_that_can_be_read():
    with pytest.raises(Refused) as refused:
        palette_for("#8fd0c0")
    nearest = re.findall("#[0-9a-f]{6}", str(refused.value))[-1]
    assert palette_for(nearest).contrast >= TEXT_LIMIT


def test_the_products_own_colour_is_well_within_the_limits():
    palette = palette_for("#1f5b52")
    assert palette.contrast >= TEXT_AIM
    assert contrast(palette.dark.accent, DARK.surface) >= TEXT_AIM


@given(COLOURS)
def test_whatever_passes_can_be_read_in_both_schemes(colour):
    try:
        palette = palette_for(colour)
    except Refused:
        assert contrast(colour, LIGHT.paper) < TEXT_LIMIT
        return
    for ground, shade, least in ((LIGHT, palette.light, TEXT_LIMIT), (DARK, palette.dark, TEXT_AIM)):
        for behind in (ground.paper, ground.surface):
            assert contrast(shade.accent, behind) >= max(least, EDGE_LIMIT)
        assert contrast(shade.on, shade.accent) >= TEXT_LIMIT
        assert contrast(ground.ink, shade.tint) >= TEXT_AIM


def test_the_grounds_are_those_of_the_sheet():
    sheet = (paths.static() / "client.css").read_text()
    for ground, block in zip((LIGHT, DARK), re.findall(r":root\s*{(.*?)}", sheet, re.DOTALL), strict=False):
        for name in ("paper", "surface", "ink"):
            said = re.search(rf"--{name}:\s*(#[0-9a-f]+)", block)[1]
            assert read_colour(said) == getattr(ground, name)

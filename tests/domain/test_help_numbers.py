"""Help numbers per country."""

from datetime import date

import pytest

from feedback.domain.help_numbers import PRESETS, preset_for

COUNTRIES = ("GB", "IE", "US", "CA", "AU", "NZ", "DE", "AT", "CH", "FR", "ES", "NL", "IN")


def test_the_promised_countries_have_a_list():
    assert tuple(PRESETS) == COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_list_begins_with_the_emergency_and_has_someone_to_talk_to(country):
    preset = PRESETS[country]
    assert preset.help_numbers[0].purpose == "In danger"
    assert len(preset.help_numbers) >= 2
    assert preset.complaints
    assert preset.checked_on >= date(2026, 11, 23)


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_number_can_be_dialled_and_has_a_source(country):
    preset = PRESETS[country]
    assert len(preset.sources) == len(preset.help_numbers)
    assert all(source.startswith("https://") for source in preset.sources)
    for number in preset.help_numbers:
        assert number.dialled.isdigit()
        said = "".join(sign for sign in number.said if sign.isdigit())
        assert number.dialled in said, "what is dialled is among what is said"


def test_letters_are_read_small_and_large_and_an_unknown_country_has_none():
    assert preset_for("gb") is PRESETS["GB"]
    assert preset_for("ZZ") is None

"""Languages: their own names, which way they run, and which a clinic starts with."""

import pytest

from feedback.domain.languages import ENGLISH, LANGUAGES, languages_to_start_with
from feedback.domain.plain_text import runs_right_to_left


def test_a_language_is_known_by_its_code_and_english_comes_first():
    assert next(iter(LANGUAGES.values())) is ENGLISH
    assert all(code == language.code for code, language in LANGUAGES.items())
    assert len({language.name for language in LANGUAGES.values()}) == len(LANGUAGES)


def test_a_language_runs_the_way_its_own_name_is_written():
    for language in LANGUAGES.values():
        assert language.is_right_to_left == runs_right_to_left(language.name)
        assert language.direction == ("rtl" if language.is_right_to_left else "ltr")


@pytest.mark.parametrize(
    ("text", "runs"), [("דנה", True), ("Dana דנה", True), ("Dana 12", False), ("١٢", False), ("", False)]
)
def test_letters_alone_say_which_way_a_text_runs(text, runs):
    assert runs_right_to_left(text) is runs


@pytest.mark.parametrize(
    ("country", "codes"),
    [
        ("GB", ("en",)),
        ("DE", ("de", "en")),
        ("ES", ("es", "en")),
        ("FR", ("fr", "en")),
        ("NL", ("en",)),
        ("SE", ("en",)),
    ],
)
def test_a_clinic_starts_with_the_language_of_its_country_and_english(country, codes):
    assert languages_to_start_with(country) == codes

"""Catalogues that are whole: every marked text, once, in every language, and nothing that nobody says any more."""

import re

import pytest

from feedback.domain.help_numbers import PRESETS
from feedback.domain.languages import ENGLISH, LANGUAGES
from feedback.web.help_words import KNOWN
from tests.support import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MARKED = sorted((message.id for message in catalogues.extracted() if message.id), key=str)
OTHERS = [code for code in LANGUAGES if code != ENGLISH.code]
NAMES = {"Samaritans", "Lifeline", "TelefonSeelsorge", "Die Dargebotene Hand, La Main Tendue", "Prévention du suicide",
         "Línea 024", "113 Zelfmoordpreventie", "Tele-MANAS"}  # fmt: skip
"""What services call themselves, in the language of their country."""


def _forms(text):
    return text if isinstance(text, tuple) else (text,)


@pytest.fixture(params=OTHERS)
def translated(request):
    """One language's catalogue."""
    return catalogues.read(catalogues.files()[request.param], request.param)


def test_the_template_holds_what_the_pages_say():
    kept = sorted((message.id for message in catalogues.read(catalogues.TEMPLATE) if message.id), key=str)
    assert kept == MARKED, "run: make words"


@pytest.mark.parametrize("text", MARKED, ids=str)
def test_a_text_is_plain_and_names_what_stands_in_it(text):
    for words in _forms(text):
        assert not re.search(r"[<>&{}]", words), "texts are shown as they stand: no markup, no entities"
        assert "%" not in PLACEHOLDER.sub("", words), "write a value as %(name)s"


def test_every_language_has_a_catalogue_and_every_catalogue_a_language():
    assert sorted(catalogues.files()) == sorted(OTHERS)


def test_a_catalogue_says_everything_and_nothing_else(translated):
    assert sorted((message.id for message in translated if message.id), key=str) == MARKED, "run: make words"
    assert [message.id for message in translated if message.fuzzy or not all(_forms(message.string))] == []
    assert not translated.obsolete


def test_a_translation_is_plain_and_holds_the_same_values(translated):
    for message in translated:
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
        for words in _forms(message.string):
            assert not re.search(r"[<>&{}]|%(?!\(\w+\)s)", words), words
            found = set(PLACEHOLDER.findall(words))
            assert found == wanted or found | {"num"} == wanted, "one, two and none may be said without the number"
            assert words == words.strip()


def test_a_translation_has_as_many_forms_as_its_language_counts_in(translated):
    plural = [message for message in translated if isinstance(message.id, tuple)]
    assert {len(message.string) for message in plural} == {translated.num_plurals}


def test_a_catalogue_nobody_has_checked_says_that_it_is_a_draft(translated):
    assert "Draft, awaiting a clinician-translator." in translated.header_comment
    assert translated.last_translator == "draft, awaiting a clinician-translator"


def test_every_word_of_the_countries_help_numbers_is_known_or_a_name():
    said = {words for preset in PRESETS.values() for number in preset.help_numbers
            for words in (number.purpose, number.said) if re.search("[^0-9 -]", words)}  # fmt: skip
    assert said == KNOWN | NAMES

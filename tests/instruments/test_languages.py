"""A language is another presentation of one instrument: same items, same answers, same scores, other words."""

from dataclasses import replace

import pytest

from feedback.domain.languages import ENGLISH, LANGUAGES
from feedback.instruments import easier, known, languages_of, load

INSTRUMENTS = sorted({instrument for instrument, _ in known()})
OTHERS = [(instrument, code) for instrument in INSTRUMENTS for code in LANGUAGES if code != ENGLISH.code]


def _bare(instrument):
    """An instrument without its words."""
    items = tuple(
        replace(
            item,
            text="", short="", hint="", low="", high="",
            labels=("",) * len(item.labels),
            options=tuple(replace(option, label="") for option in item.options),
        )
        for item in instrument.items
    )  # fmt: skip
    return replace(instrument, language="", title="", intro="", translation="", recall_period="", items=items)


def _words(item):
    return (item.text, item.hint, item.low, item.high, item.short, *item.labels, *(o.label for o in item.options))


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_it_ships_in_every_language(instrument):
    assert languages_of(instrument) == tuple(LANGUAGES)
    assert languages_of("of-nobody") == ()


@pytest.mark.parametrize(("instrument", "code"), OTHERS)
def test_only_the_words_differ(instrument, code):
    assert _bare(load(instrument, code)) == _bare(load(instrument))


@pytest.mark.parametrize(("instrument", "code"), OTHERS)
def test_what_is_worded_in_english_is_worded_in_the_other_language_and_names_the_same(instrument, code):
    original, other = load(instrument), load(instrument, code)
    for ours, theirs in zip(original.items, other.items, strict=True):
        for english, word in zip(_words(ours), _words(theirs), strict=True):
            assert bool(word) == bool(english), ours.id
            assert word.count("{therapist}") == english.count("{therapist}"), (ours.id, word)
            assert len(word) <= 1.8 * len(english) + 20, "longer words do not fit a tile or a button"


@pytest.mark.parametrize(("instrument", "code"), OTHERS)
def test_answers_and_ends_are_told_apart(instrument, code):
    for item in load(instrument, code).items:
        assert len({option.label for option in item.options}) == len(item.options)
        assert len(set(item.labels)) == len(item.labels)


@pytest.mark.parametrize(("instrument", "code"), OTHERS)
def test_a_translation_nobody_has_checked_says_that_it_is_a_draft(instrument, code):
    assert load(instrument, code).translation == "draft, awaiting a clinician-translator"
    assert load(instrument).translation == "original"


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_easier_version_is_in_the_same_language(code):
    plain = easier(load("rapport-session", code))
    assert (plain.id, plain.language) == ("rapport-session-easy", code)

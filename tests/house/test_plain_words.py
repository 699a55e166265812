"""What clients read in any language: short sentences, everyday words."""

import re

import pytest

from feedback.domain.languages import LANGUAGES
from feedback.instruments import load
from tests.support import catalogues

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
TRADE = {
    "en": r"\b(alliance|ruptures?|submit\w*|tokens?)\b",
    "es": r"\b(alianza|rupturas?|tokens?)\b",
    "fr": r"\b(alliance|ruptures?|jetons?)\b",
    "de": r"\b(allianz|ruptur\w*|bruch|token)\b",
    "pt": r"\b(aliança|rupturas?|tokens?)\b",
    "ar": r"تحالف|تمزق|قطيعة",
}
"""The words of the trade and of the machine that a client never meets."""


def _texts(code):
    """Every text of the pages and of both questionnaires, with a name where one stands."""
    for message in catalogues.read(catalogues.files()[code], code) if code != "en" else catalogues.extracted():
        said = message.id if code == "en" else message.string
        if message.id:
            yield from (re.sub(r"%\(\w+\)s", "Dana", text) for text in (said if isinstance(said, tuple) else (said,)))
    for name in ("rapport-session", "rapport-session-easy"):
        for item in load(name, code).items:
            yield from (text.replace("{therapist}", "Dana") for text in (item.text, item.hint) if text)
            yield from (option.label.replace("{therapist}", "Dana") for option in item.options)


def _sentences(code):
    return [part for text in _texts(code) for part in re.split(r"(?<=[.!?؟:])\s+", text) if WORD.search(part)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_are_short(code):
    lengths = [len(WORD.findall(each)) for each in _sentences(code) if re.search(r"[.!?؟]$", each)]
    assert len(lengths) > 150
    assert sum(lengths) / len(lengths) <= 8
    assert max(lengths) <= 22


@pytest.mark.parametrize("code", [code for code, language in LANGUAGES.items() if not language.is_right_to_left])
def test_words_are_short_too(code):
    """LIX, words per sentence and percent of words over six letters (Björnsson 1968): simple texts end at 30."""
    sentences = _sentences(code)
    words = [word for each in sentences for word in WORD.findall(each)]
    lix = len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert lix <= 30, f"{lix:.1f}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_of_the_trade_is_said(code):
    assert [text for text in _texts(code) if re.search(TRADE[code], text, re.IGNORECASE)] == []

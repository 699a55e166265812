"""Catalogues that are whole: every marked text, once, in every language, and nothing that nobody says any more."""

import re

import pytest

from tests.support import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _texts(catalogue):
    return {message.id for message in catalogue if message.id}


def test_the_template_holds_what_the_pages_say():
    assert _texts(catalogues.read(catalogues.TEMPLATE)) == _texts(catalogues.extracted()), "run: make words"


@pytest.mark.parametrize("text", sorted(_texts(catalogues.extracted()), key=str), ids=str)
def test_a_text_is_plain_and_names_what_stands_in_it(text):
    for words in text if isinstance(text, tuple) else (text,):
        assert not re.search(r"[<>&{}]", words), "texts are shown as they stand: no markup, no entities"
        assert "%" not in PLACEHOLDER.sub("", words), "write a value as %(name)s"

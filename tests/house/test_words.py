"""What clients read: never the words of the trade, of the machine, or of the law."""

import json
import re

import pytest

from tests.house.repository import PACKAGE, TEMPLATES, named

BANNED = re.compile(r"\b(alliance|rupture|submit|submitted|submission|token)s?\b", re.IGNORECASE)
NOT_READ = {"id", "citation", "licence", "version", "$schema", "detector", "value", "kind", "translation", "language"}
STAFF = {"therapist", "clinic", "account", "staff"}
CLIENT_PAGES = sorted(
    page
    for page in TEMPLATES.rglob("*.html")
    if not STAFF & {page.parent.name, page.stem} and (page.parent.name != "_macros" or page.stem == "item")
)
INSTRUMENTS = sorted((PACKAGE / "instruments/data").glob("*.json"))


def _visible(markup):
    """What a template shows: text, labels in attributes, and words it chooses between."""
    markup = re.sub(r"\{#.*?#\}", " ", markup, flags=re.DOTALL)
    yield from re.findall(r"""\b(?:alt|title|aria-label|placeholder|content)\s*=\s*"([^"]*)\"""", markup)
    for expression in re.findall(r"\{\{(.*?)\}\}", markup, flags=re.DOTALL):
        yield from re.findall(r'"([^"]*)"', expression)
    yield re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", markup, flags=re.DOTALL)


def _words(part):
    """Every text of an instrument file that is shown to somebody who answers."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for member in part:
            yield from _words(member)
    elif isinstance(part, dict):
        for key, member in part.items():
            if key not in NOT_READ:
                yield from _words(member)


@pytest.mark.parametrize("screen", CLIENT_PAGES, ids=named)
def test_a_clients_page_keeps_to_everyday_words(screen):
    shown = " ".join(_visible(screen.read_text(encoding="utf-8")))
    assert BANNED.findall(shown) == []


@pytest.mark.parametrize("file", INSTRUMENTS, ids=named)
def test_a_questionnaire_keeps_to_everyday_words(file):
    asked = json.loads(file.read_text(encoding="utf-8"))
    assert BANNED.findall(" ".join(_words(asked["items"]))) == []


def test_the_pages_of_clients_were_found():
    assert {named(page).split("/")[1] for page in CLIENT_PAGES} == {"_layout", "_macros", "errors", "intake"}
    assert INSTRUMENTS

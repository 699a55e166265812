"""The glossary: the terms somebody would search for stand there, and each says where it is done."""

import re

import pytest

from tests.house.repository import named, tracked
from tests.support.folders import ROOT

PAGE = ROOT / "docs/glossary.md"
TERMS = """
case | therapy session | seat | finding | possible rupture | instrument | receipt | ledger | shared tablet | QR code
unseen answer | case card | release | contested | CSRF | rate limit | differential privacy | tenant isolation
row-level security | append-only | hash chain | lockout | brute force | clickjacking | idempotency | load shedding
backpressure | side channel | anonymisation | pseudonymisation | indistinguishability
"""
FIGURES_OF_SPEECH = re.compile(
    r"break(?:s|ing)? (?:the )?glass|the wall\b|strangers?\b|the square\b(?! root)", re.IGNORECASE
)
SAID_BY_PAGES = {"for-clients.md", "languages.md", "CHANGELOG.md"}
"""They repeat what clients read on their pages, in everyday words, or what once was."""


def _rows():
    """Return the cells of each line of the tables, by term."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| (?!term )", line)]
    return {cells[0]: cells for line in lines if (cells := [cell.strip() for cell in line.strip("| ").split(" | ")])}


ROWS = _rows()


@pytest.mark.parametrize("term", re.split(r" \| |\n", TERMS.strip()))
def test_a_term_somebody_searches_for_is_explained(term):
    assert term in ROWS


@pytest.mark.parametrize("term", ROWS)
def test_a_term_says_where_it_is_done(term):
    paths = re.findall(r"^`([^`]+)`$|^\[[^]]+\]\(([^)]+)\)$", ROWS[term][-1])
    assert paths, "the last cell is one path"
    in_code, linked = paths[0]
    assert (ROOT / in_code if in_code else PAGE.parent / linked).is_file()


def test_terms_are_in_the_order_of_the_alphabet():
    text = PAGE.read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        terms = [term for term in re.findall(r"^\| ([^|]+?) \|", part, flags=re.MULTILINE) if term != "term"]
        assert terms == sorted(terms, key=str.casefold)


@pytest.mark.parametrize(
    "document", [path for path in tracked() if path.suffix == ".md" and path.name not in SAID_BY_PAGES], ids=named
)
def test_a_document_calls_things_by_the_terms_of_the_trade(document):
    prose = re.sub(r"`[^`]*`|\([^)\s]*\)", "", document.read_text(encoding="utf-8"))
    assert FIGURES_OF_SPEECH.findall(prose) == []

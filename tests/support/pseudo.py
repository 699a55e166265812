"""A language nobody speaks: every text between marks, so that whatever stands outside of them was never translated."""

import re
from gettext import NullTranslations

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString

OPEN, CLOSE = "⟦", "⟧"
WORD = re.compile(r"[^\W\d_]{2,}")
RECEIPT = re.compile(r"[0-9A-Z]{4,6}(-[0-9A-Z]{4,6})+")
READ_ALOUD = ("aria-label", "alt", "title", "placeholder")


class Pseudo(NullTranslations):
    """Gives every text as it is, between marks."""

    def gettext(self, message: str) -> str:
        """Mark a text."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Mark a text about a number of things."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def bare_words(page: str, *, allowed: tuple[str, ...]) -> list[str]:
    """Return the texts of a page that stand outside of marks, read aloud ones too, but for what is allowed there."""
    soup = BeautifulSoup(page, "html5lib")
    for unseen in soup(["style", "script", "template"]):
        unseen.decompose()
    for block in soup.find_all(
        ["p", "h1", "h2", "li", "legend", "label", "button", "summary", "title", "header", "div"]
    ):
        block.insert_after(NavigableString("\n"))
    texts = [str(text) for text in soup.find_all(string=True) if not isinstance(text, Comment | Doctype)]
    texts = ["".join(texts), *(tag[name] for tag in soup.find_all() for name in READ_ALOUD if tag.has_attr(name))]
    return [line.strip() for text in texts for line in _outside(text).splitlines() if _says_something(line, allowed)]


def _outside(text: str) -> str:
    """Return what stands outside of all marks; values inside of a text are inside of its marks."""
    depth, outside = 0, []
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        outside.append(sign if depth == 0 and sign != CLOSE else " " if sign != "\n" else sign)
    return "".join(outside)


def _says_something(line: str, allowed: tuple[str, ...]) -> bool:
    for known in sorted(allowed, key=len, reverse=True):
        line = line.replace(known, " ")
    return bool(WORD.search(RECEIPT.sub(" ", line)))

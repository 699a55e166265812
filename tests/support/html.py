"""HTML under a strict eye: what a browser would quietly repair is an error here."""

import gzip
import re
from typing import Any

import html5lib
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError

_LONG = re.compile(r"[0-9A-Za-z_-]{16,}")
"""Nonces, tokens and hashes: what differs from page to page and cannot make one ill-formed."""

_well_formed: set[str] = set()


class Malformed(AssertionError):
    """A page is not well-formed; says where and shows the line."""


def check(page: str) -> None:
    """Parse a page as the standard says, forgiving nothing. Raises `Malformed`.

    A page that was looked at and differs in nothing but its tokens is not looked at again: parsing strictly takes
    longer than most requests.
    """
    masked = _LONG.sub("x", page)
    if masked in _well_formed:
        return
    parser = html5lib.HTMLParser(strict=True)
    try:
        parser.parse(page)
    except ParseError as error:
        line, column = parser.errors[-1][0] if parser.errors else (0, 0)
        shown = page.splitlines()[max(line - 1, 0) :][:1]
        raise Malformed(f"line {line}, column {column}: {error}: {''.join(shown).strip()}") from None
    _well_formed.add(masked)


def soup(page: str) -> BeautifulSoup:
    """Return a page's elements to look things up in, after the strict check."""
    check(page)
    return BeautifulSoup(page, "html5lib")


class StrictClient(FlaskClient):
    """A test client that fails on any HTML response that is not well-formed, whatever its status."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request, follow it if asked to, and look at what came back."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.get_data():
            packed = response.content_encoding == "gzip"
            check((gzip.decompress(response.data) if packed else response.data).decode())
        return response

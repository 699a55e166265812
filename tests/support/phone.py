"""A client's phone: opens links, fills the form, presses a button."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.builders import SIX
from tests.support.html import StrictClient, soup

SEVENS = dict.fromkeys(SIX, "7") | {"off": "no"}
NONCE = re.compile(r'name="nonce" value="([0-9A-Z]+)"')


class Phone:
    """A browser without JavaScript and without cookies, over the strict test client."""

    def __init__(self, app: Flask) -> None:
        app.test_client_class = StrictClient
        self.http = app.test_client(use_cookies=False)

    def opens(self, token: str) -> TestResponse:
        """Open the link of a code."""
        return self.http.get(f"/F/{token}")

    def nonce(self, token: str) -> str:
        """Open the link and give the nonce of the form."""
        return NONCE.search(self.opens(token).text)[1]

    def sends(self, token: str, audience: str | None = "therapist", *, nonce: str = "", **answers: Any) -> TestResponse:
        """Open the form, unless a nonce of an earlier one is given, answer sevens but for what is named, and send.

        An answer of None is left blank.
        """
        filled = SEVENS | answers | {"audience": audience, "nonce": nonce or self.nonce(token)}
        return self.http.post(f"/F/{token}", data={name: value for name, value in filled.items() if value is not None})

    def thanks(self, token: str, audience: str = "therapist", **answers: Any) -> str:
        """Send and follow to the thank-you page; give the receipt."""
        return receipt_of(self.http.get(self.sends(token, audience, **answers).location))


def receipt_of(thanks: TestResponse) -> str:
    """Return the receipt on a thank-you page."""
    assert thanks.status_code == 200
    return soup(thanks.text).select_one(".code").text


def without_nonce(page: TestResponse) -> str:
    """Return a page with its nonce blotted out, to compare the rest byte for byte."""
    return NONCE.sub('name="nonce" value=""', page.text)


def heading(page: TestResponse) -> str:
    """Return the page's heading."""
    return soup(page.text).h1.get_text(strip=True)

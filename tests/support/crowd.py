"""Many phones at once, over real sockets: each keeps trying until its answer is acknowledged, as a client would."""

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from tests.support.phone import NONCE, SEVENS

PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.02
"""Between two tries of one phone."""

_RETRY_LATER = 503


@dataclass(frozen=True)
class Acknowledged:
    """What a phone knows: the key of its form, and the thank-you page it was sent to."""

    token: str
    nonce: str
    thanks: str


def everybody_sends(
    base_url: str,
    tokens: Iterable[str],
    at_once: int,
    audience: str = "therapist",
    *,
    heard: Callable[[Acknowledged], None] = lambda _each: None,
) -> list[Acknowledged]:
    """Let each code's client open the form, send it and try again until it is acknowledged; `at_once` phones.

    `heard` is told of each acknowledgement the moment it is there.
    """

    def sends(token: str) -> Acknowledged:
        acknowledged = _sends(base_url, token, audience)
        heard(acknowledged)
        return acknowledged

    with ThreadPoolExecutor(at_once) as phones:
        return list(phones.map(sends, tokens))


def _sends(base_url: str, token: str, audience: str) -> Acknowledged:
    status, _, page = _until_answered(base_url, "GET", f"/F/{token}")
    assert status == 200, page
    nonce = re.search(NONCE, page)[1]
    body = urlencode(SEVENS | {"audience": audience, "nonce": nonce})
    status, where, page = _until_answered(base_url, "POST", f"/F/{token}", body)
    assert status == 303, page
    return Acknowledged(token, nonce, where)


def _until_answered(base_url: str, method: str, path: str, body: str = "") -> tuple[int, str, str]:
    """Ask until there is an answer other than "try again": the same request, as a phone repeats it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        time.sleep(PAUSE_SECONDS)
        try:
            answer = ask(base_url, method, path, body)
        except (OSError, HTTPException):
            continue
        if answer[0] != _RETRY_LATER:
            return answer
    raise AssertionError(f"{method} was not answered in {PATIENCE_SECONDS} seconds")


def ask(base_url: str, method: str, path: str, body: str = "") -> tuple[int, str, str]:
    """Ask once: status, where to go next, page. Raises `OSError` or `HTTPException` when the connection breaks."""
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=30)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, kind)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read().decode()
    finally:
        connection.close()

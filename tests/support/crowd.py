"""Many phones at once, over real sockets: each keeps trying until its answer is acknowledged, as a client would."""

import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from tests.support.phone import NONCE, SEVENS

PATIENCE_SECONDS = 90
PAUSE_SECONDS = 0.02
"""Between two tries of one phone."""

_RETRY_LATER = 503

_HEAD = "POST /F/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SLOWLY = {
    "half a head": _HEAD,
    "half a body": f"{_HEAD}Content-Length: 500\r\n\r\nheard=3&",
    "reads nothing": "GET /F/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 4,
}
"""What slow clients have said when they fall silent, by kind; the last one asks and never listens."""


@contextmanager
def slow_clients(base_url: str, token: str, kind: str, many: int, *, pause_seconds: float = 0) -> Iterator[None]:
    """Keep so many slow clients of one kind on their lines until the block ends; they come one after the other."""
    place = urlsplit(base_url)
    with ExitStack() as lines:
        for _ in range(many):
            line = socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)
            lines.enter_context(line).sendall(SLOWLY[kind].format(token=token).encode())
            time.sleep(pause_seconds)
        yield


def prepared(base_url: str, token: str) -> tuple[str, str]:
    """Open a form, and give where and what its phone will send."""
    status, _, page = ask(base_url, "GET", f"/F/{token}")
    assert status == 200
    return f"/F/{token}", urlencode(SEVENS | {"audience": "therapist", "nonce": re.search(NONCE, page)[1]})


def sends(base_url: str, form: tuple[str, str]) -> tuple[int, float]:
    """Send once; give the status and how long it took, in seconds."""
    begun = time.monotonic()
    status, *_ = ask(base_url, "POST", *form)
    return status, time.monotonic() - begun


def at(share: float, seconds: Iterable[float]) -> float:
    """Return the milliseconds within which this share of them lies."""
    numbers = sorted(seconds)
    return numbers[int(share * (len(numbers) - 1))] * 1000


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

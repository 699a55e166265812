"""Many phones at once, as light as a load tool can be: in a process of its own, a task each, one connection kept open.

`python -m benchmarks.phones HOST:PORT AT_ONCE [send]` reads a path a line from standard input. Each is opened; with
`send` its form is filled in and sent, too. Prints JSON: seconds in all, and each visit's milliseconds. Who is told to
come again does so, on the same visit's clock; any other unexpected answer ends the run.
"""

import asyncio
import json
import re
import sys
import time
from urllib.parse import urlencode

from tests.support.phone import NONCE, SEVENS

BUSY = 503
NONCE_IN_BYTES = re.compile(NONCE.pattern.encode())


class Line:
    """One connection."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._reader: asyncio.StreamReader | None = None

    async def ask(self, words: str, body: str = "") -> tuple[int, bytes]:
        """Ask and give status and page."""
        if self._reader is None:
            host, _, port = self._place.partition(":")
            self._reader, self._writer = await asyncio.open_connection(host, int(port))
        head = f"{words} HTTP/1.1\r\nHost: {self._place}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(f"{head}\r\n{body}".encode())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        size = re.search(rb"(?i)content-length: (\d+)", answer)
        page = await self._reader.readexactly(int(size[1])) if size else b""
        return int(answer.split(b" ", 2)[1]), page


async def served(line: Line, words: str, body: str = "") -> tuple[int, bytes]:
    """Ask, and come again as long as one is told to."""
    status, page = await line.ask(words, body)
    while status == BUSY:
        await asyncio.sleep(0.1)
        status, page = await line.ask(words, body)
    return status, page


async def visit(line: Line, path: str, *, sends: bool) -> float:
    """Open a form, and send it; give milliseconds."""
    start = time.perf_counter()
    status, page = await served(line, f"GET {path}")
    assert status == 200, (status, path)
    if sends:
        nonce = NONCE_IN_BYTES.search(page)
        assert nonce is not None
        fields = SEVENS | {"audience": "therapist", "nonce": nonce[1].decode()}
        status, _ = await served(line, f"POST {path}", urlencode(fields))
        assert status == 303, status
    return (time.perf_counter() - start) * 1000


async def everybody(place: str, paths: list[str], at_once: int, *, sends: bool) -> list[float]:
    """Let so many phones go through the paths."""
    left, took = iter(paths), []

    async def phone() -> None:
        line = Line(place)
        for path in left:
            took.append(await visit(line, path, sends=sends))  # noqa: PERF401  phones share one list of paths

    await asyncio.gather(*(phone() for _ in range(at_once)))
    return took


def main() -> None:
    """Run it and print what it took."""
    place, at_once, *rest = sys.argv[1:]
    paths = sys.stdin.read().split()
    start = time.perf_counter()
    took = asyncio.run(everybody(place, paths, int(at_once), sends="send" in rest))
    print(json.dumps({"seconds": time.perf_counter() - start, "took": took}))


if __name__ == "__main__":
    main()

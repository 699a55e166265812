"""How the form reaches a phone: bytes on the wire, requests, and how soon it can be used on a slow line and processor.

Time is compared with the same page as a static file, from a server that does nothing but send it: loaded in turn, each
time in a fresh browser profile, over slow 3G (400 ms, 400 kbit/s) on a processor six times slower. *Usable* is when
everything is there and painted. For information beside it a page of plain words, as large on the wire: what sixty-six
tiles cost a slow processor to lay out.
"""

import gzip
import random
import socket
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.support import chromium, driver
from tests.support.online import clinic_online
from tests.support.serving import HOST
from tests.support.world import World

ROUNDS = 15
MOST_BYTES, AIM_BYTES = 14 * 1024, 4 * 1024
LIMIT = 1.1
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 6
USABLE = """() => Math.max(performance.getEntriesByType('navigation')[0].loadEventEnd,
  performance.getEntriesByName('first-contentful-paint')[0].startTime)"""


def on_the_wire(address: str) -> tuple[bytes, bytes]:
    """Return head and body of a page as they come over the line, compressed."""
    place = urlsplit(address)
    ask = f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    with socket.create_connection((str(place.hostname), int(place.port or 80))) as line:
        line.sendall(ask.encode())
        received = b""
        while more := line.recv(65_536):
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def plain_page(size: int) -> bytes:
    """Make a page of plain paragraphs that is as large when compressed, to a few bytes."""
    chance, words = random.Random(1), []  # noqa: S311  repeatable words
    page = b""
    while len(page) < size:
        words += ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randrange(2, 9))) for _ in range(5)]
        text = "</p><p>".join(" ".join(words[start : start + 12]) for start in range(0, len(words), 12))
        page = gzip.compress(f"<!doctype html><html lang=en><title>x</title><p>{text}</p></html>".encode(), 9)
    return page


@contextmanager
def static(page: bytes) -> Iterator[str]:
    """Send one page to whoever asks, until the block ends; gives its address."""

    class Sender(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Sender)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}/"
    server.shutdown()
    server.server_close()


def usable_after(browser: Browser, address: str) -> tuple[float, int]:
    """Load a page as a phone that has never seen it would; give milliseconds until usable, and how many requests."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_3G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    took = float(page.evaluate(USABLE))
    context.close()
    return took, len([each for each in asked if not each.startswith("data:")])


def a_link(world: World) -> str:
    """Return the link of a fresh code."""
    case = world.opens_a_case()
    return f"{world.address}/F/{world.shows_a_code(case, world.meets(case)).token}"


def main() -> int:
    """Print weight, requests and the ratio of times; give 1 when one of them is over its limit."""
    driver.choose()
    with TemporaryDirectory() as folder, clinic_online(Path(folder)) as world, sync_playwright() as playwright:
        link = a_link(world)
        head, body = on_the_wire(link)
        browser = playwright.chromium.launch(executable_path=str(chromium.provide()), args=chromium.flags())
        with static(body) as frozen, static(plain_page(len(body))) as plain:
            rounds = [[usable_after(browser, page) for page in (link, frozen, plain)] for _ in range(ROUNDS)]
        browser.close()
    weight, requests = len(head) + len(body), max(each[0][1] for each in rounds)
    ours, file, words = (statistics.median(each[at][0] for each in rounds) for at in range(3))
    ratio = statistics.median(form[0] / frozen[0] for form, frozen, _ in rounds)
    print(f"on the wire   {weight} bytes: head {len(head)}, page {len(body)} (limit {MOST_BYTES}, aim {AIM_BYTES})")
    print(f"requests      {requests} (limit 1)")
    print(f"usable after  {ours:.0f} ms, as a static file {file:.0f} ms, a page of plain words {words:.0f} ms")
    print(f"ratio         {ratio:.2f} to the static file over {ROUNDS} rounds (limit {LIMIT})")
    return int(weight > MOST_BYTES or requests > 1 or ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())

"""The shipped nginx and Caddy files, in front of the product: what they let through, and what they must never write."""

import re
import socket
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import pytest

from tests.support import proxies
from tests.support.builders import a_clinic, a_therapist
from tests.support.crowd import ask
from tests.support.folders import ROOT
from tests.support.installing import install
from tests.support.phone import NONCE, SEVENS
from tests.support.serving import HOST, address, free_port, serving
from tests.support.world import World

MARK = "QX7WSENTINEL"
RUN = {"nginx": proxies.nginx, "caddy": proxies.caddy}


@contextmanager
def in_front(name, folder, upstream):
    place = folder / name
    place.mkdir()
    place.chmod(0o755)
    with RUN[name](place, upstream) as proxy:
        yield proxy


@pytest.fixture
def world(sqlite_shelf, tmp_path):
    """A clinic that trusts one proxy."""
    with sqlite_shelf.migrated(tmp_path) as database:
        house = install(database, tmp_path)
        trusting = house.settings.model_copy(update={"trusted_proxies": 1})
        world = World(replace(house, settings=trusting), a_clinic(), a_therapist())
        world.found()
        yield world


@pytest.fixture
def code(world):
    """A code nobody used."""
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case))


@pytest.fixture(params=RUN)
def proxy(request, world, tmp_path):
    """A proxy in front of the product."""
    port = free_port()
    with serving(world.installation, port), in_front(request.param, tmp_path, address(port)) as proxy:
        yield proxy


def raw(base_url, words, *, says_no_more=True):
    """Send bytes as they are and give what comes back. Who says no more has gone, for nginx."""
    place = urlsplit(base_url)
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        line.sendall(words)
        if says_no_more:
            line.shutdown(socket.SHUT_WR)
        return line.recv(65_536)


def a_clients_visit(base_url, token):
    """Everything a client may do, well and badly, with a mark wherever there is room for one."""
    page = ask(base_url, "GET", f"/F/{token}")[2]
    nonce = re.search(NONCE, page)[1]
    status, thanks, _ = ask(
        base_url, "POST", f"/F/{token}", urlencode(SEVENS | {"audience": "therapist", "nonce": nonce})
    )
    assert status == 303
    assert ask(base_url, "GET", urlsplit(thanks).path)[0] == 200
    for method, path, body in [
        ("GET", f"/F/{MARK}", ""),
        ("GET", f"/thanks/{MARK}", ""),
        ("GET", f"/withdraw?receipt={MARK}", ""),
        ("POST", "/withdraw", urlencode({"receipt": MARK})),
        ("POST", "/code", urlencode({"code": MARK})),
        ("GET", f"/invite/{MARK}", ""),
        ("GET", f"/%2e%2e/F/{MARK}", ""),
        ("POST", f"/F/{MARK}", "x" * 2_000_000),
    ]:
        try:
            assert ask(base_url, method, path, body)[0] < 500, (method, path)
        except (BrokenPipeError, ConnectionResetError):
            assert len(body) > 1_000_000
    for words in (
        f"GET /F/{MARK} HTTP/1.1\r\n\r\n",
        f"GET /F/{MARK} HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        f"GET /F/{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\nA: {'a' * 70_000}\r\n\r\n",
        f"POST /F/{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nnonce",
    ):
        try:
            raw(base_url, words.encode())
        except ConnectionResetError:
            continue


def assert_nothing_written(proxy, token):
    """Neither a marked address, nor one of a client at all, nor where somebody asked from."""
    written = proxy.written()
    for word in (MARK, token, "/F/", "/f/", "/thanks", "/withdraw", "/code", "/invite"):
        assert word not in written, written[:2000]


def test_a_clients_visit_leaves_no_line(proxy, code):
    a_clients_visit(proxy.address, code.token)
    assert_nothing_written(proxy, code.token)


@pytest.mark.parametrize("name", RUN)
def test_a_product_that_is_away_is_told_kindly_and_leaves_no_line(tmp_path, name):
    with in_front(name, tmp_path, address(free_port())) as proxy:
        words = f"GET /F/{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = raw(proxy.address, words.encode(), says_no_more=False)
        assert answer.split(b"\r\n")[0].split()[1] == b"503"
        assert b"retry-after: 30" in answer.lower()
        assert b"try again" in answer
        assert_nothing_written(proxy, MARK)


MANNERS = {"hangs up": b"", "breaks off": b"HTTP/1.1 200 OK\r\nContent-"}


@contextmanager
def ill(manner):
    """A product that takes every request and answers badly: nothing, or half of an answer."""
    with socket.create_server((HOST, 0)) as door:

        def answers():
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    line.recv(65_536)
                    line.sendall(MANNERS[manner])

        threading.Thread(target=answers, daemon=True).start()
        yield address(door.getsockname()[1])
        door.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("name", RUN)
def test_a_product_that_answers_badly_is_told_as_kindly_and_leaves_no_line(tmp_path, name, manner):
    with ill(manner) as upstream, in_front(name, tmp_path, upstream) as proxy:
        words = (
            f"POST /F/{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nConnection: close\r\n\r\n{MARK[:5]}"
        )
        answer = raw(proxy.address, words.encode(), says_no_more=False)
        assert answer.split(b"\r\n")[0].split()[1] == b"503"
        assert b"try again" in answer
        assert MARK.encode() not in answer
        assert_nothing_written(proxy, MARK)


def test_the_figures_are_not_for_strangers(proxy):
    assert ask(proxy.address, "GET", "/metrics")[0] == 404


def test_the_product_learns_that_the_outside_is_https(proxy):
    status, where, _ = ask(proxy.address, "GET", "/dashboard")
    assert (status, urlsplit(where).path) == (303, "/sign-in")


def test_caddy_takes_the_shipped_file_as_it_is(tmp_path):
    done = subprocess.run(
        [proxies.provide("caddy"), "adapt", "--config", ROOT / "deploy/Caddyfile", "--validate"],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr

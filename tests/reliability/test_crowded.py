"""R4, R11, R12, R15: the production server on SQLite, with more people than usual and some who mean no good."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from urllib.parse import urlsplit

import psutil
import pytest

from tests.support.codes import codes_for
from tests.support.crowd import ask, at, prepared, sends, slow_clients
from tests.support.online import clinic_online
from tests.support.soak import scaled

TOGETHER = 64
SLOW = scaled(120, 1_000)
HONEST = 12
REQUESTS = scaled(600, 100_000)
WARMING_UP = max(1_200, REQUESTS // 3)
"""Before anything is measured: threads, connections and what is kept for the next request are made in these."""

PATIENCE_SECONDS = 60
MOST_TAKEN = 8 * 2**20
"""Of a body without end, at most so many bytes are read before the answer, whatever lies in between on the line."""
MOST_GROWTH = 5 * 2**20
POST = "POST /F/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def online(tmp_path_factory):
    with clinic_online(tmp_path_factory.mktemp("crowded")) as world:
        yield world


@pytest.fixture
def workers(online):
    """The server's processes, youngest last."""
    port = urlsplit(online.address).port
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if {"serve", str(port)} <= set(process.info["cmdline"] or ())
    ]


def line_to(world):
    place = urlsplit(world.address)
    return socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)


def resident(processes):
    return sum(process.memory_info().rss for process in processes)


@pytest.mark.fault("R4")
def test_sixty_four_phones_in_the_same_second_are_all_answered_beside_a_long_reader(online, measured):
    forms = [prepared(online.address, token) for token in codes_for(online, TOGETHER)]
    gate = threading.Barrier(TOGETHER)

    def sends_with_all(form):
        gate.wait()
        return sends(online.address, form)

    with online.reading() as reader, ThreadPoolExecutor(TOGETHER) as phones:
        before = reader.connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one()
        answers = list(phones.map(sends_with_all, forms))
        assert reader.connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one() == before
    assert {status for status, _ in answers} == {303}
    took = [seconds for _, seconds in answers]
    measured(
        "R4",
        f"SQLite: {TOGETHER} phones in the same moment, all answered, median {at(0.5, took):.0f} ms, p99 "
        f"{at(0.99, took):.0f} ms",
    )


@pytest.mark.fault("R11")
@pytest.mark.parametrize(
    ("kind", "many"), [("half a head", SLOW), ("reads nothing", SLOW), ("half a body", max(SLOW, 300))]
)
def test_slow_clients_keep_nobody_else_waiting(online, kind, many, measured):
    idle, *tokens = codes_for(online, HONEST + 1)
    with slow_clients(online.address, idle, kind, many):
        answers = [sends(online.address, prepared(online.address, token)) for token in tokens]
    assert {status for status, _ in answers} == {303}
    took = [seconds for _, seconds in answers]
    measured(
        "R11", f"{many} slow clients ({kind}), no proxy: an answer beside them took {at(0.95, took):.0f} ms at p95"
    )


def refused(world, pieces):
    """Send pieces until there is an answer; give its head and how much was taken from us before."""
    taken, answer = 0, b""
    with line_to(world) as line:
        line.settimeout(0.05)
        left = b""
        for piece in pieces:
            left = left or piece
            with suppress(TimeoutError, ConnectionError):
                sent = line.send(left)
                taken, left = taken + sent, left[sent:]
            with suppress(TimeoutError, ConnectionError):
                answer = line.recv(4096)
            if answer or taken > 4 * MOST_TAKEN:
                break
    return answer.partition(b"\r\n")[0], taken


def pieces_of(head, piece, most):
    yield head.encode()
    for _ in range(most):
        yield piece


TOO_LARGE = {
    "10 MB": ("Content-Length: 10000000", b"x" * 65_536, 413),
    "1 GB": ("Content-Length: 1000000000", b"x" * 65_536, 413),
    "no end": ("Transfer-Encoding: chunked", b"10000\r\n" + b"x" * 65_536 + b"\r\n", 400),
}
"""What is said of the body, a piece of it, and the answer: one of no stated length is not read at all, and so lacks the
form's key."""


@pytest.mark.fault("R12")
@pytest.mark.parametrize("size", TOO_LARGE)
def test_a_body_too_large_is_refused_before_it_is_taken(online, workers, size, measured):
    said, piece, expected = TOO_LARGE[size]
    token = codes_for(online, 1)[0]
    before = resident(workers)
    head = POST.format(token=token) + said + "\r\n\r\n"
    first, taken = refused(online, pieces_of(head, piece, 1_000))
    status = int(first.split()[1])
    assert status == expected
    assert taken < MOST_TAKEN
    assert resident(workers) - before < 2 * MOST_TAKEN
    measured("R12", f"a body of {size}: {status} after {taken / 2**20:.1f} MiB had been sent")


@pytest.mark.fault("R15")
def test_many_requests_leave_memory_and_descriptors_as_they_were(online, workers, measured):
    token, *tokens = codes_for(online, 2 + (WARMING_UP + REQUESTS) // 20)  # each is opened four times: nobody waits
    form = prepared(online.address, token)
    assert sends(online.address, form)[0] == 303
    others = [("POST", *form), ("GET", "/"), ("GET", "/F/NOSUCHCODE"), ("GET", "/readyz")]
    links = cycle(tokens)

    def ask_all(count):
        asked = [each for _ in range(count // 5) for each in (*others, ("GET", f"/F/{next(links)}"))]
        with ThreadPoolExecutor(4) as phones:
            answers = set(phones.map(lambda each: ask(online.address, *each)[0], asked))
        assert answers == {200, 303, 404}

    ask_all(WARMING_UP)
    memory, files = resident(workers), sum(process.num_fds() for process in workers)
    ask_all(REQUESTS)
    grown, opened = resident(workers) - memory, sum(process.num_fds() for process in workers) - files
    measured("R15", f"{REQUESTS:,} requests: memory {grown / 2**20:+.1f} MiB, open files {opened:+d}")
    assert grown < MOST_GROWTH
    assert opened < 16

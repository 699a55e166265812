"""Attacks on availability, over HTTP against `feedback serve`: a stranger tries to shut others out.

The server trusts one proxy, whose part this test plays: it says where each request comes from. No other proxy stands
between, so nothing is buffered for the product.
"""

import http.client
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from urllib.parse import urlencode, urlsplit

import pytest

from feedback.security.access_codes import SystemChance
from feedback.security.credentials import Passwords
from feedback.security.receipts import RECEIPT_LENGTH
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.codes import codes_for
from tests.support.crowd import at
from tests.support.html import soup
from tests.support.online import clinic_online
from tests.support.phone import NONCE, SEVENS
from tests.support.soak import scaled

ATTACKER, NEXT_DOOR, FAR = "198.51.100.9", "198.51.100.10", "203.0.113.20"
FLOODING = 8
"""Threads of the attacker."""
RIGHT = scaled(12, 33)
SLOW = 300


@pytest.fixture(scope="module")
def online(tmp_path_factory):
    with clinic_online(tmp_path_factory.mktemp("lockout"), FEEDBACK_TRUSTED_PROXIES="1") as world:
        yield world


@pytest.fixture(scope="module")
def mika(online):
    """A therapist whose password costs what a real one costs."""
    return hires_with_both_steps(online, password_hash=Passwords().hash(PHRASE))[0]


def ask(world, address, method, path, body="", *, cookie=""):
    """Ask as one host does; give status, where to go next, page."""
    connection = http.client.HTTPConnection(urlsplit(world.address).netloc, timeout=60)
    headers = {"X-Forwarded-For": address, "X-Forwarded-Proto": "http"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    headers |= {"Cookie": cookie} if cookie else {}
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", ""), answer.read().decode()
    finally:
        connection.close()


def signs_in(world, address, email, password, cookie=""):
    status, _, page = ask(
        world, address, "POST", "/sign-in", urlencode({"email": email, "password": password}), cookie=cookie
    )
    return status, 'name="ticket"' in page


def types(world, address, typed):
    return ask(world, address, "POST", "/code", urlencode({"code": typed}))[0]


def sends(world, address, token):
    """Open a form, send it, and give the receipt."""
    nonce = NONCE.search(ask(world, address, "GET", f"/F/{token}")[2])[1]
    body = urlencode(SEVENS | {"audience": "therapist", "nonce": nonce})
    status, thanks, page = ask(world, address, "POST", f"/F/{token}", body)
    assert status == 303, page
    shown = soup(ask(world, address, "GET", urlsplit(thanks).path)[2]).select_one(".code").text
    return "".join(shown.split())


@contextmanager
def flood(act, threads=FLOODING):
    """Let an attacker act as fast as the server answers, over and over, until the block ends."""
    over, number, done = threading.Event(), count(), []

    def acts():
        while not over.is_set():
            with suppress(OSError, http.client.HTTPException):
                done.append(act(next(number)))

    workers = [threading.Thread(target=acts) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        time.sleep(1.5)  # long enough to use up whatever may be used up
        yield done
    finally:
        over.set()
        for worker in workers:
            worker.join()


def tried(act):
    """Do something right so often; give how many went through, and how long each took, in seconds."""
    passed, took = 0, []
    for _ in range(RIGHT):
        begun = time.monotonic()
        passed += act()
        took.append(time.monotonic() - begun)
    return passed, took


def told(took):
    return f"median {at(0.5, took) / 1000:.1f} s, slowest {max(took):.1f} s"


@pytest.mark.fault("R14")
@pytest.mark.parametrize("aim", ["one account", "many accounts"])
def test_right_passwords_open_while_one_host_floods(online, mika, aim, measured):
    def guesses(number):
        email = mika.email if aim == "one account" else f"nobody{number}@example.org"
        return signs_in(online, ATTACKER, email, "seven quiet badgers swim")[0]

    with flood(guesses) as done:
        for name, place in (("next door", NEXT_DOOR), ("from elsewhere", FAR)):
            passed, took = tried(lambda place=place: signs_in(online, place, mika.email, PHRASE) == (200, True))
            assert passed == RIGHT, (name, passed)
            measured(
                "R14", f"one host floods sign-in ({aim}): right passwords {name} {passed} of {RIGHT}, {told(took)}"
            )
        assert set(done) <= {403, 429}


@pytest.mark.fault("R14")
def test_the_owners_own_browser_opens_while_its_address_and_account_are_attacked(online, mika, measured):
    from feedback.security.known_device import mark_device

    known = f"feedback_device={mark_device(online.installation.keyring, SystemChance(), '', mika.email)}"

    def guesses(_number):
        return signs_in(online, ATTACKER, mika.email, "seven quiet badgers swim")[0]

    with flood(guesses):
        passed, took = tried(lambda: signs_in(online, ATTACKER, mika.email, PHRASE, known) == (200, True))
    assert passed == RIGHT
    measured("R14", f"the same at the owner's own address: known browser {passed} of {RIGHT}, {told(took)}")


@pytest.mark.fault("R14")
def test_a_flood_of_passwords_keeps_no_client_waiting(online, mika, measured):
    """Hashing must not hold the threads that answer forms."""
    tokens = iter(codes_for(online, RIGHT))

    def guesses(number):
        address = f"198.18.{number % 50}.9"
        return signs_in(online, address, f"nobody{number}@example.org", "seven quiet badgers swim")[0]

    with flood(guesses, 32):
        passed, took = tried(lambda: bool(sends(online, FAR, next(tokens))))
    assert passed == RIGHT
    assert max(took) < 10
    measured("R14", f"fifty hosts flood sign-in: answers of clients {passed} of {RIGHT}, {told(took)}")


@pytest.mark.fault("R14")
def test_valid_receipts_are_taken_while_others_are_tried_by_chance(online, measured):
    from feedback.domain.care import check_sign

    chance = SystemChance()
    receipts = iter([sends(online, FAR, token) for token in codes_for(online, 2 * RIGHT)])

    def guesses(_number):
        drawn = chance.text(RECEIPT_LENGTH - 1)
        return ask(online, ATTACKER, "POST", "/withdraw", urlencode({"receipt": drawn + check_sign(drawn)}))[0]

    def takes_back(address):
        before = stored(online)
        status = ask(online, address, "POST", "/withdraw", urlencode({"receipt": next(receipts)}))[0]
        return status == 200 and stored(online) == before - 1

    with flood(guesses):
        for name, place in (("next door", NEXT_DOOR), ("from elsewhere", FAR)):
            passed, took = tried(lambda place=place: takes_back(place))
            assert passed == RIGHT, (name, passed)
            measured("R14", f"one host tries receipts: right ones {name} {passed} of {RIGHT}, {told(took)}")


def stored(world):
    with world.reading() as uow:
        return uow.connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one()


@pytest.fixture
def shown(online):
    """A code that is open now."""
    case = online.opens_a_case()
    return online.shows_a_code(case, online.meets(case))


AROUND = {
    "a host": lambda _number: ATTACKER,
    "a whole /24": lambda number: f"198.51.100.{11 + number % 240}",
    "mapped addresses": lambda number: f"::ffff:192.0.{number % 200}.7",
    "an IPv6 site": lambda number: f"2001:db8:1:{number % 60_000:x}::1",
    "two hundred networks": lambda number: f"198.18.{number % 200}.7",
}


@pytest.mark.fault("R14")
@pytest.mark.parametrize("around", AROUND)
def test_right_typed_codes_open_while_others_guess(online, shown, around, measured):
    right = {"next door": NEXT_DOOR, "mapped": "::ffff:203.0.113.7", "IPv6": "2001:db8:2::1", "elsewhere": FAR}
    with flood(lambda number: types(online, AROUND[around](number), "7K4M9QTX")) as done:
        for name, place in right.items():
            passed, took = tried(lambda place=place: types(online, place, shown.typed) == 303)
            assert passed == RIGHT, (name, passed)
    measured("R14", f"{around} guesses codes: right ones of four other places {4 * RIGHT} of {4 * RIGHT}, {told(took)}")
    assert set(done) <= {404, 429, 503}


HEAD = "POST /F/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\nContent-Length: {length}\r\n\r\n"


@contextmanager
def slow_bodies(world, token, address, length):
    place = urlsplit(world.address)
    with ExitStack() as lines:
        for _ in range(SLOW):
            line = lines.enter_context(socket.create_connection((place.hostname, place.port), 60))
            line.sendall(f"{HEAD.format(token=token, address=address, length=length)}heard=3&".encode())
        time.sleep(0.5)
        yield


@pytest.mark.fault("R11")
@pytest.mark.parametrize("length", [500, 100_000])
def test_slow_bodies_of_one_network_end_no_service(online, length, measured):
    idle, *tokens = codes_for(online, 2 * RIGHT + 1)
    left = iter(tokens)
    with slow_bodies(online, idle, ATTACKER, length):
        for name, place in (("another network", FAR), ("the same address", ATTACKER)):
            passed, took = tried(lambda place=place: bool(sends(online, place, next(left))))
            assert passed == RIGHT
            measured("R11", f"{SLOW} half bodies of {length:,} bytes, no proxy: sent from {name} {told(took)}")

"""Requests no browser makes, byte by byte to the production server: half, slow, contradictory, and never a fault."""

import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.support.online import clinic_online
from tests.support.phone import NONCE, SEVENS

PATIENCE_SECONDS = 0.6
PAUSE_SECONDS = 0.15
FIELDS = "heard=3&safe=4&audience=totals&comment=half"
FORM = "Content-Type: application/x-www-form-urlencoded"


def post(*headers, body=b"", path="/F/{token}"):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", FORM, *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def chunks(*parts, end=b"0\r\n\r\n"):
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + end


WHOLE = FIELDS.encode()
CHUNKED = "Transfer-Encoding: chunked"
LONGER = "Content-Length: 9000"
MULTIPART = "Content-Type: multipart/form-data; boundary=b"
GET = "GET /F/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"

REQUESTS = {
    "chunked, whole": [post(CHUNKED, body=chunks(WHOLE))],
    "chunked, a byte each": [post(CHUNKED, body=chunks(*(bytes([byte]) for byte in WHOLE)))],
    "chunked, slow": [post(CHUNKED), chunks(WHOLE[:9], end=b""), chunks(WHOLE[9:])],
    "chunked, no end": [post(CHUNKED, body=chunks(WHOLE, end=b""))],
    "chunked, a size that is no number": [post(CHUNKED, body=b"zz\r\nheard=3\r\n0\r\n\r\n")],
    "chunked, a negative size": [post(CHUNKED, body=b"-5\r\nheard\r\n0\r\n\r\n")],
    "chunked, a size too large": [post(CHUNKED, body=b"ffffffffffffffff\r\nheard=3\r\n0\r\n\r\n")],
    "chunked, over 16 KiB": [post(CHUNKED, body=chunks(*[b"x" * 1000] * 40))],
    "chunked, with trailers": [post(CHUNKED, body=chunks(WHOLE, end=b"0\r\nX: y\r\n\r\n"))],
    "chunked, gzip as well": [post("Transfer-Encoding: gzip, chunked", body=chunks(WHOLE))],
    "chunked and a length": [post(CHUNKED, "Content-Length: 5", body=chunks(WHOLE))],
    "chunked twice": [post(CHUNKED, CHUNKED, body=chunks(WHOLE))],
    "chunked, misspelt": [post("Transfer-Encoding : chunked", body=chunks(WHOLE))],
    "too long a length": [post(LONGER, body=WHOLE)],
    "too short a length": [post("Content-Length: 4", body=WHOLE)],
    "no length": [post(body=WHOLE)],
    "a negative length": [post("Content-Length: -1", body=WHOLE)],
    "a length that is no number": [post("Content-Length: many", body=WHOLE)],
    "two lengths": [post("Content-Length: 5", "Content-Length: 9", body=WHOLE)],
    "a length beyond all measure": [post("Content-Length: 99999999999999999999999", body=WHOLE)],
    "ten gigabytes announced": [post("Content-Length: 10000000000", body=WHOLE)],
    "17 KiB announced": [post("Content-Length: 17408", body=b"x" * 17_408)],
    "half, and gone": [post(f"Content-Length: {len(WHOLE)}", body=WHOLE[: len(WHOLE) // 2])],
    "slow body": [post(f"Content-Length: {len(WHOLE)}"), WHOLE[:10], WHOLE[10:20], WHOLE[20:]],
    "slow head": [post()[:30], post()[30:60], post(body=WHOLE)[60:]],
    "expects to be asked": [post("Expect: 100-continue", f"Content-Length: {len(WHOLE)}"), WHOLE],
    "expects something else": [post("Expect: tea", f"Content-Length: {len(WHOLE)}", body=WHOLE)],
    "multipart without an end": [
        post(MULTIPART, LONGER, body=b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n')
    ],
    "multipart, one header after another": [
        post(MULTIPART, "Content-Length: 9000", body=b"--b\r\n" + b"X: y\r\n" * 1_499)
    ],
    "no host": [b"GET /F/{token} HTTP/1.1\r\nConnection: close\r\n\r\n"],
    "two hosts": [(GET + "Host: elsewhere.example\r\n\r\n").encode()],
    "a host that is none": [GET.replace("127.0.0.1", "a b\\c").encode() + b"\r\n"],
    "HTTP/1.0": [b"GET /F/{token} HTTP/1.0\r\n\r\n"],
    "HTTP/0.9": [b"GET /F/{token}\r\n"],
    "HTTP/9.9": [b"GET /F/{token} HTTP/9.9\r\nHost: x\r\n\r\n"],
    "no protocol at all": [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    "bare line ends": [GET.replace("\r\n", "\n").encode() + b"\n"],
    "an unknown method": [GET.replace("GET", "BREW").encode() + b"\r\n"],
    "a method in lower case": [GET.replace("GET", "get").encode() + b"\r\n"],
    "a method of symbols": [GET.replace("GET", "G@T").encode() + b"\r\n"],
    "an address of 20,000 signs": [GET.replace("{token}", "A" * 20_000).encode() + b"\r\n"],
    "an address with a null byte": [GET.replace("{token}", "%00").encode() + b"\r\n"],
    "an address of raw bytes": [GET.encode().replace(b"{token}", b"\xff\xfe") + b"\r\n"],
    "an address that climbs": [GET.replace("/F/{token}", "/../../../../etc/passwd").encode() + b"\r\n"],
    "a whole address": [GET.replace("/F/", "http://elsewhere.example/F/").encode() + b"\r\n"],
    "no address": [GET.replace("/F/{token}", "*").encode() + b"\r\n"],
    "two hundred headers": [(GET + "".join(f"X-{n}: y\r\n" for n in range(200)) + "\r\n").encode()],
    "a header of 60,000 signs": [(GET + f"X: {'y' * 60_000}\r\n\r\n").encode()],
    "a header with a null byte": [(GET + "X: a\0b\r\n\r\n").encode()],
    "headers that fold": [(GET + "X: a\r\n b\r\n\r\n").encode()],
    "an upgrade": [(GET + "Upgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n").encode()],
    "a range and a condition": [(GET + 'Range: bytes=0-5\r\nIf-None-Match: "x"\r\n\r\n').encode()],
    "languages that are none": [
        (GET + "Accept-Language: ;q=;;q=x,\xff\r\nAccept-Encoding: gzip;q=z\r\n\r\n").encode("latin-1")
    ],
    "two requests at once": [(GET + "\r\n" + GET + "\r\n").encode()],
    "nothing": [b""],
}


@pytest.fixture(scope="module")
def online(tmp_path_factory):
    """The production server, and a clinic to act in."""
    with clinic_online(tmp_path_factory.mktemp("raw")) as world:
        yield world


def a_link(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case)).token


def stored(world):
    with world.reading() as uow:
        return uow.connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one()


def answer_to(world, pieces):
    """Send pieces with pauses between them, and then no more; give all that comes back."""
    place = urlsplit(world.address)
    with socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS) as line:
        with suppress(OSError):
            for number, piece in enumerate(pieces):
                time.sleep(PAUSE_SECONDS if number else 0)
                line.sendall(piece)
        received = listened(line)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
        return received + listened(line)


def listened(line):
    """Everything that comes until the other side ends, or says nothing for a while."""
    received = b""
    with suppress(OSError):
        while more := line.recv(65_536):
            received += more
    return received


@pytest.mark.fault("R10")
def test_no_raw_request_meets_a_fault_and_none_is_kept(online):
    token, before, answered, faults = a_link(online), stored(online), 0, {}
    for name, pieces in REQUESTS.items():
        received = answer_to(online, [piece.replace(b"{token}", token.encode()) for piece in pieces])
        statuses = [int(found) for found in re.findall(rb"^HTTP/1\.[01] (\d{3})", received, flags=re.MULTILINE)]
        answered += bool(statuses)
        if any(status >= 500 and status not in {501, 505} for status in statuses) or b"Traceback" in received:
            faults[name] = received[:300]
    assert faults == {}
    assert (len(REQUESTS) >= 50, answered >= 45) == (True, True)
    assert stored(online) == before


@pytest.mark.fault("R10")
def test_the_server_still_takes_an_answer(online):
    token = a_link(online)
    answer_to(online, REQUESTS["half, and gone"])
    with urlopen(f"{online.address}/F/{token}") as form:  # noqa: S310  our own server on this machine
        nonce = NONCE.search(form.read().decode())[1]
    body = urlencode(SEVENS | {"nonce": nonce, "audience": "therapist"}).encode()
    with urlopen(Request(f"{online.address}/F/{token}", body)) as thanks:  # noqa: S310  the same
        assert "Thank you." in thanks.read().decode()

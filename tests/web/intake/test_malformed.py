"""Bodies no form would send: refused or made sense of, never a fault, and nothing stored."""

import random

import pytest

from feedback.persistence.answers import responses

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def part(name, value, extra=""):
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n{value}\r\n'.encode()


BODIES = [
    (b"", FORM),
    (b"", ""),
    (b"&&&&", FORM),
    (b"====", FORM),
    (b"a" * 16_000, FORM),
    (b"&".join(b"heard=%d" % n for n in range(1_200)), FORM),
    (b"&".join(b"x%d=1" % n for n in range(1_500)), FORM),
    (b"heard=3&heard=4&audience=therapist&audience=totals", FORM),
    (b"audience[]=therapist&heard[0]=3", FORM),
    (b"nonce=" + b"A" * 15_000, FORM),
    (b'{"heard": 3}', "application/json"),
    (b"<heard>3</heard>", "text/xml"),
    (b"\x00\x01\x02", "application/octet-stream"),
    (b"heard=3", "text/plain"),
    (b"heard=3", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"heard=3", "application/x-www-form-urlencoded; charset=" + "x" * 200),
    (b"not multipart at all", MULTIPART),
    (b"--b--\r\n", MULTIPART),
    (b"--b\r\n\r\n--b--\r\n", MULTIPART),
    (part("heard", "3") + b"--b--\r\n", MULTIPART),
    (part("comment", "x", '; filename="../../x.html"') + b"--b--\r\n", MULTIPART),
    (part("heard", "3"), MULTIPART),
    (b"".join(part(f"x{n}", "") for n in range(150)) + b"--b--\r\n", MULTIPART),
    (part("nonce", "x"), "multipart/form-data"),
    (part("nonce", "x"), "multipart/form-data; boundary=" + "b" * 500),
    (b"--b\r\n" + b"X: y\r\n" * 900, MULTIPART),
]


def rows_stored(world):
    with world.reading() as uow:
        one = uow.connection.exec_driver_sql("SELECT count(*) FROM responses").scalar_one()
        return one + uow.connection.exec_driver_sql("SELECT count(*) FROM sealed_submissions").scalar_one()


@pytest.mark.parametrize("sent", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("address", ["/F/{token}", "/code", "/withdraw"])
def test_a_malformed_body_is_a_mistake_and_no_fault(phone, world, code, address, sent):
    body, kind = sent
    page = phone.http.post(address.format(token=code.token), data=body, content_type=kind)
    assert page.status_code in {200, 400, 404, 413, 422}
    assert rows_stored(world) == 0


def test_random_bytes_never_fault(phone, world, code):
    chance = random.Random(20260302)  # noqa: S311  repeatable noise
    names = ["heard", "off", "closest", "comment", "nonce", "audience", "send_as_is", "\x00", "é"]
    for _ in range(60):
        pieces = [
            f"{chance.choice(names)}=".encode() + chance.randbytes(chance.randrange(40))
            for _ in range(chance.randrange(30))
        ]
        page = phone.http.post(f"/F/{code.token}", data=b"&".join(pieces), content_type=FORM)
        assert page.status_code in {200, 400, 413, 422}
    with world.reading() as uow:
        assert not responses.list_responses(uow, code.code.case_code)


def test_odd_query_strings_change_nothing(phone, code):
    for query in ("?lang=xx", "?easy=", "?%00", "?" + "a=" * 2_000, "?lang[]=1", "?kiosk=%ff", "?kiosk=0"):
        assert phone.http.get(f"/F/{code.token}{query}").status_code == 200

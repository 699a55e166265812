"""Bodies no browser would send, by the thousand, the same for the same seed: eleven ways to get a form wrong.

Each body knows which of its words a page that comes back has to show again, so that a test can see nothing was lost.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from tests.support.builders import SIX
from tests.support.naughty import NAUGHTY, RAW

URLENCODED = "application/x-www-form-urlencoded"
FIELDS = (*SIX, "off", "closest", "wish", "repair", "comment", "audience", "nonce", "send_as_is", "code", "receipt")
ODD_NAMES = (
    "heard[]",
    "heard[0][x]",
    "a.b.c",
    "__proto__",
    "constructor",
    "audience[therapist]",
    "",
    "\x00",
    "é",
    "👩‍👩‍👧‍👦",
)
ODD_TYPES = (
    "",
    "application/json",
    "application/xml",
    "text/plain",
    "text/html; charset=utf-16",
    "application/octet-stream",
    "multipart/form-data",
    "multipart/mixed; boundary=b",
    f"{URLENCODED}; charset=utf-7",
    f"{URLENCODED}; charset=" + "x" * 300,
    "x",
    "/",
    ";;;",
    "application/x-www-form-urlencoded\t;",
)


@dataclass(frozen=True)
class Body:
    """What is posted. `typed` and `chosen` are what a form page that comes back has to hold."""

    way: str
    data: bytes
    kind: str = URLENCODED
    typed: str | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)


def bodies(count: int, nonce: str, seed: int = 20260302) -> Iterator[Body]:
    """Return so many bodies, each way in turn, with a true nonce where a way keeps to it."""
    chance = random.Random(seed)  # noqa: S311  repeatable noise
    for number in range(count):
        yield _WAYS[number % len(_WAYS)](chance, nonce)


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """Write fields as a browser would, whatever is in them."""
    return b"&".join(f"{_percent(name)}={_percent(value)}".encode() for name, value in pairs)


def _percent(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def _usual(chance: random.Random, nonce: str) -> dict[str, str]:
    """A form with at least one gap, so that it comes back."""
    rated = {item: str(chance.randrange(11)) for item in SIX if chance.random() < 0.7 and item != "pace"}
    return rated | {"off": chance.choice(["no", "not_sure", "yes"]), "audience": "totals", "nonce": nonce}


def _naughty_note(chance: random.Random, nonce: str) -> Body:
    fields, note = _usual(chance, nonce), chance.choice(NAUGHTY)
    chosen = {name: value for name, value in fields.items() if name in SIX}
    return Body("a naughty note", encoded([*fields.items(), ("comment", note)]), typed=note, chosen=chosen)


def _naughty_everywhere(chance: random.Random, nonce: str) -> Body:
    fields = {name: chance.choice(NAUGHTY) for name in FIELDS}
    if chance.random() < 0.5:
        fields |= {"nonce": nonce, "audience": "therapist"}
    return Body("naughty in every field", encoded(list(fields.items())), typed=fields["comment"])


def _no_text(chance: random.Random, nonce: str) -> Body:
    pieces = [f"{name}=".encode() + chance.choice(RAW) for name in chance.sample(FIELDS, chance.randrange(1, 9))]
    return Body("bytes that are no text", b"&".join([*pieces, f"nonce={nonce}".encode()]))


def _doubled(chance: random.Random, nonce: str) -> Body:
    fields = _usual(chance, nonce)
    names, values = (FIELDS, ("0", "7", "yes", "totals", "")) if chance.random() < 0.5 else (SIX[:4], ("0", "7", "10"))
    more = [(chance.choice(names), chance.choice(values)) for _ in range(60)]
    pairs = [*fields.items(), *more]
    chosen = {name: value for name, value in fields.items() if name in SIX}
    return Body("fields twice and more", encoded(pairs), chosen=chosen)


def _crowded(chance: random.Random, nonce: str) -> Body:
    names = [f"x{number}" for number in range(chance.randrange(900, 2_000))]
    return Body("too many fields", encoded([("nonce", nonce), *((name, "1") for name in names)])[: 16 * 1024])


def _odd_type(chance: random.Random, nonce: str) -> Body:
    text = chance.choice([encoded(list(_usual(chance, nonce).items())), b'{"heard": 3}', b"<heard>3</heard>", b""])
    return Body("a wrong content type", text, chance.choice(ODD_TYPES))


def _too_large(chance: random.Random, nonce: str) -> Body:
    note = chance.choice(["x", "ä", "🌊"]) * 16_400
    return Body("over 16 KiB", encoded([*_usual(chance, nonce).items(), ("comment", note)]))


def _parts(chance: random.Random, nonce: str) -> Body:
    boundary = chance.choice(["b", "x" * 70, "-" * 20, "b b"])
    fields = _usual(chance, nonce) | {"comment": chance.choice(NAUGHTY)}
    extras = ("", "; filename=x", "; filename*=UTF-8''%ff")
    lines = []
    for name, value in fields.items():
        head = f'Content-Disposition: form-data; name="{name}"{chance.choice(extras)}'
        lines.append(f"--{boundary}\r\n{head}\r\n\r\n{value}\r\n")
    whole = ("".join(lines) + f"--{boundary}--\r\n").encode("utf-8", "surrogatepass")
    cut = whole if chance.random() < 0.5 else whole[: chance.randrange(len(whole))]
    return Body("multipart, whole and cut", cut, f"multipart/form-data; boundary={boundary}")


def _nulls(chance: random.Random, nonce: str) -> Body:
    pairs = [(f"{name}\x00" if chance.random() < 0.3 else name, f"\x00{chance.randrange(11)}\x00") for name in FIELDS]
    return Body("null bytes", encoded([*pairs, ("nonce", nonce)]))


def _nested(chance: random.Random, nonce: str) -> Body:
    pairs = [(chance.choice(ODD_NAMES), chance.choice(NAUGHTY)) for _ in range(20)]
    fields = _usual(chance, nonce)
    chosen = {name: value for name, value in fields.items() if name in SIX}
    return Body("nested and odd names", encoded([*pairs, *fields.items()]), chosen=chosen)


def _cut(chance: random.Random, nonce: str) -> Body:
    whole = encoded([*_usual(chance, nonce).items(), ("comment", "späße 🌊 " * 9)])
    broken = bytearray(whole[: chance.randrange(len(whole))])
    for _ in range(chance.randrange(6)):
        at = chance.randrange(len(broken) + 1)
        broken[at : at + 1] = chance.choice([b"%", b"%E2", b"&", b"=", b"\xff", b"+"])
    return Body("cut off and flipped", bytes(broken) + chance.choice([b"", b"%", b"%E", b"%E2%82", b"&", b"=", b"&=&"]))


_WAYS: tuple[Callable[[random.Random, str], Body], ...] = (
    _naughty_note,
    _naughty_everywhere,
    _no_text,
    _doubled,
    _crowded,
    _odd_type,
    _too_large,
    _parts,
    _nulls,
    _nested,
    _cut,
)

"""Drawing codes: one on the screen, and a sheet of a thousand; beside them the bare encoder of the library."""

import gzip
import time
from collections.abc import Callable, Iterator

from qrcode import constants
from qrcode.main import QRCode

from benchmarks.measured import Measured
from feedback.web.qr import code_address, qr_svg
from tests.support.chance import SeededChance

SHEET = 1000
ROUNDS = 30


def measure() -> Iterator[Measured]:
    """Measure one code and a sheet, in processor time."""
    chance = SeededChance(1)
    addresses = [code_address("https://feedback.example.org", chance.text(26)) for _ in range(SHEET)]
    one = _each(lambda place: qr_svg(addresses[place], "code"), ROUNDS)
    bare = _each(lambda place: _bare(addresses[place]), ROUNDS)
    size = len(qr_svg(addresses[0], "code").encode())
    yield Measured(
        "one code",
        f"{one * 1000:.1f} ms",
        f"{bare * 1000:.1f} ms, the bare encoder",
        one / bare,
        "≤ 6 ms",
        one <= 0.006,
    )
    yield Measured("one code, as SVG", f"{size} bytes", "", None, "≤ 3,072 bytes", size <= 3072)
    began = time.process_time()
    sheet = "".join(qr_svg(address, "code", is_one_of_many=True) for address in addresses).encode()
    took, packed = time.process_time() - began, len(gzip.compress(sheet, 9))
    yield Measured(
        f"a sheet of {SHEET:,} codes",
        f"{took:.2f} s",
        f"{bare * SHEET:.2f} s, the bare encoder",
        took / (bare * SHEET),
        "≤ 1.5 s",
        took <= 1.5,
    )
    yield Measured("the same, gzip", f"{packed / 1e6:.2f} MB", "", None, "≤ 0.40 MB", packed <= 400_000)


def _bare(address: str) -> None:
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)


def _each(draw: Callable[[int], object], rounds: int) -> float:
    draw(0)
    began = time.process_time()
    for place in range(rounds):
        draw(place)
    return (time.process_time() - began) / rounds

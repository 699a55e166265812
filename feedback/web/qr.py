"""QR codes as small inline drawings: upper-case addresses, the smallest symbol, then the highest level that fits it.

Upper case lets the symbol use its alphanumeric mode, one to two versions smaller than bytes. The quiet zone of four
modules and the white plate are part of the drawing, so that nobody can crop them and dark mode cannot turn them round.
"""

from collections.abc import Sequence
from functools import cache

from markupsafe import Markup, escape
from qrcode import constants, util
from qrcode.main import QRCode

QUIET = 4
ANY_MASK = 2
"""Columns in threes: short runs in both directions whatever the address is."""

LEVELS = (constants.ERROR_CORRECT_L, constants.ERROR_CORRECT_M, constants.ERROR_CORRECT_Q, constants.ERROR_CORRECT_H)


def code_address(base_url: str, token: str) -> str:
    """Give what the square carries: the whole address in upper case. Scheme and host are case-blind, our path too."""
    return f"{base_url}/F/{token}".upper()


def entry_address(base_url: str) -> str:
    """Give what a poster's square carries: the page where a code is typed, and never a code."""
    return f"{base_url}/".upper()


def qr_svg(address: str, label: str, *, is_one_of_many: bool = False) -> Markup:
    """Draw an address. The label is what a screen reader says instead.

    `is_one_of_many`: on a sheet, where eight trials for the prettiest pattern would make people wait.
    """
    rows = matrix(address, mask=ANY_MASK if is_one_of_many else None)
    size = len(rows) + 2 * QUIET
    return Markup(  # noqa: S704  every value is a number, our own path, or escaped here
        f'<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" d="{_strokes(rows)}"/></svg>'
    )


def matrix(address: str, mask: int | None = None) -> list[list[bool]]:
    """Give the modules of the smallest symbol at the highest level that does not enlarge it.

    `mask` is one of the eight patterns that every reader knows; without it the best of them is found by trying.
    """
    smallest, best = _fit(len(address), is_plain=_is_plain(address))
    drawn = _drawn(address, best)
    drawn.version, drawn.mask_pattern = smallest, mask
    drawn.make(fit=False)
    return [[bool(module) for module in row] for row in drawn.modules]


@cache
def _fit(length: int, *, is_plain: bool) -> tuple[int, int]:
    """Give version and level for so many characters: which ones does not matter."""
    sample = ("A" if is_plain else "a") * length
    versions = {level: _drawn(sample, level).best_fit(start=1) for level in LEVELS}
    smallest: int = min(versions.values())
    return smallest, next(level for level in reversed(LEVELS) if versions[level] == smallest)


def _is_plain(address: str) -> bool:
    return bool(util.RE_ALPHA_NUM.match(address.encode()))


def _drawn(address: str, level: int) -> QRCode:
    """Lay an address out; one with small letters, which only an authenticator app ever reads, goes as bytes."""
    mode = util.MODE_ALPHA_NUM if _is_plain(address) else util.MODE_8BIT_BYTE
    code = QRCode(error_correction=level, border=0)
    code.add_data(util.QRData(address, mode=mode, check_data=True))
    return code


def _strokes(rows: Sequence[Sequence[bool]]) -> str:
    """Draw each run of dark modules as one stroke, moving relatively: half the bytes of rectangles."""
    parts = []
    for down, row in enumerate(rows):
        parts.append(f"M{QUIET} {down + QUIET}.5")
        skipped = 0
        for dark, length in _runs(row):
            if dark:
                parts.append(f"m{skipped} 0h{length}" if skipped else f"h{length}")
                skipped = 0
            else:
                skipped = length
    return "".join(parts)


def _runs(row: Sequence[bool]) -> list[tuple[bool, int]]:
    runs: list[tuple[bool, int]] = []
    for dark in row:
        if runs and runs[-1][0] == dark:
            runs[-1] = (dark, runs[-1][1] + 1)
        else:
            runs.append((dark, 1))
    return runs

"""QR codes as small inline drawings: upper-case addresses, the smallest symbol, then the highest level that fits it.

Upper case lets the symbol use its alphanumeric mode, one to two versions smaller than bytes. The quiet zone of four
modules and the white plate are part of the drawing, so that nobody can crop them and dark mode cannot turn them round.
"""

import re
from collections.abc import Sequence
from functools import cache

from markupsafe import Markup, escape
from qrcode import constants, util
from qrcode.main import QRCode

QUIET = 4
ANY_MASK = (2,)
"""Columns in threes: short runs in both directions whatever the address is."""

GOOD_MASKS = (3, 5, 6, 7)
"""The patterns that are tried for one code. Every reader knows all eight, and trying is most of the work: on sixty
addresses the best of these four lost 733 points in the mean, the best of all eight 725, a single one from 808 up."""

_RUN = re.compile(rb"(\x00*)(\x01+)")
"""Light modules, then dark ones, in a row of them as bytes."""

LEVELS = (constants.ERROR_CORRECT_L, constants.ERROR_CORRECT_M, constants.ERROR_CORRECT_Q, constants.ERROR_CORRECT_H)


def code_address(base_url: str, token: str) -> str:
    """Return what the QR code holds: the whole address in upper case. Scheme and host are case-blind, our path too."""
    return f"{base_url}/F/{token}".upper()


def entry_address(base_url: str) -> str:
    """Return what a poster's QR code holds: the page where a code is typed, and never a code."""
    return f"{base_url}/".upper()


def qr_svg(address: str, label: str, *, is_one_of_many: bool = False) -> Markup:
    """Draw an address. The label is what a screen reader says instead.

    `is_one_of_many`: on a sheet, where trying for the prettiest pattern would make people wait.
    """
    rows = matrix(address, ANY_MASK if is_one_of_many else GOOD_MASKS)
    size = len(rows) + 2 * QUIET
    return Markup(  # noqa: S704  every value is a number, our own path, or escaped here
        f'<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path stroke="#000" d="{_strokes(rows)}"/></svg>'
    )


def matrix(address: str, masks: Sequence[int] = GOOD_MASKS) -> list[list[bool]]:
    """Return the modules of the smallest symbol at the highest level that does not enlarge it.

    `masks` are those to choose from, of the eight patterns that every reader knows.
    """
    smallest, best = _fit(len(address), is_plain=_is_plain(address))
    drawn = _drawn(address, best)
    drawn.version = smallest
    drawn.mask_pattern = masks[0] if len(masks) == 1 else min(masks, key=lambda mask: _points_lost(drawn, mask))
    drawn.make(fit=False)
    rows: list[list[bool]] = drawn.modules
    return rows


def _points_lost(drawn: QRCode, mask: int) -> int:
    """Say how much of a pattern's look is bad for readers, by the points of the standard."""
    drawn.makeImpl(test=True, mask_pattern=mask)
    lost: int = util.lost_point(drawn.modules)
    return lost


@cache
def _fit(length: int, *, is_plain: bool) -> tuple[int, int]:
    """Return version and level for so many characters: which ones does not matter."""
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
    for down, row in enumerate(rows, QUIET):
        parts.append(f"M{QUIET} {down}.5")
        parts += [f"m{len(gap)} 0h{len(dark)}" if gap else f"h{len(dark)}" for gap, dark in _RUN.findall(bytes(row))]
    return "".join(parts)

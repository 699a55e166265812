"""A clinic's own colour on its client pages, within the limits that let everybody read it.

Contrast by Web Content Accessibility Guidelines 2.2, "contrast ratio" and "relative luminance"
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): text at least 4.5 to 1 (1.4.3), 7 to 1 for weak eyes (1.4.6),
edges of controls at least 3 to 1 (1.4.11).
"""

import re
from dataclasses import dataclass

from feedback.domain.errors import Refused

TEXT_LIMIT = 4.5
TEXT_AIM = 7.0
EDGE_LIMIT = 3.0

WHITE, BLACK = "#ffffff", "#000000"
TINT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Ground:
    """What a colour stands on in one scheme: the page, its panels, and the ink beside it. As in `client.css`."""

    paper: str
    surface: str
    ink: str


LIGHT = Ground("#faf7f1", "#ffffff", "#26221c")
DARK = Ground("#171512", "#211e1a", "#f0eae0")


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour in one scheme: links and filled controls, what is written on these, and a breath of it for hovering."""

    accent: str
    on: str
    tint: str


@dataclass(frozen=True, slots=True)
class Palette:
    """A clinic's colour in both schemes. `contrast` is that of its links on the light page, the weakest pair."""

    light: Shade
    dark: Shade
    contrast: float


def read_colour(typed: str) -> str:
    """Return a colour as `#rrggbb`. Raises `Refused` for anything but three or six hexadecimal digits."""
    digits = typed.strip().removeprefix("#").lower()
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        raise Refused("A colour is # and six signs from 0 to 9 and A to F, such as #1f5b52.")
    return f"#{digits}"


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def palette_for(typed: str) -> Palette:
    """Make a clinic's palette from the colour it chose for the light scheme; the dark one is derived.

    Raises `Refused` for a colour that cannot be read on the light page, and names the nearest darker one that can.
    """
    accent = read_colour(typed)
    reached = contrast(accent, LIGHT.paper)
    if reached < TEXT_LIMIT:
        nearest = _until(accent, BLACK, LIGHT.paper, TEXT_LIMIT)
        raise Refused(
            f"{accent} is too pale to be read on the page: {reached:.1f} to 1, and {TEXT_LIMIT} is the least. "
            f"{nearest} is the nearest that can be read."
        )
    lit = _until(accent, WHITE, DARK.surface, TEXT_AIM)
    return Palette(
        light=Shade(accent, WHITE, _mix(LIGHT.surface, accent, TINT_SHARE)),
        dark=Shade(lit, _until(accent, BLACK, lit, TEXT_AIM), _mix(DARK.surface, lit, TINT_SHARE)),
        contrast=reached,
    )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _until(colour: str, towards: str, against: str, limit: float) -> str:
    """Move a colour towards black or white in steps of a hundredth until it stands out enough."""
    moved = (_mix(colour, towards, step / 100) for step in range(101))
    return next((each for each in moved if contrast(each, against) >= limit), towards)


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))

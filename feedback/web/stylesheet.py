"""How a clinic's client pages are dressed: the one inlined sheet, in the clinic's own colour if it chose one.

The policy names the sheet by its hash, so whoever draws a page leaves in `g` what that page carries.
"""

from dataclasses import dataclass

from flask import Flask, current_app, g

from feedback.domain.care import Clinic
from feedback.domain.colour import Shade, palette_for
from feedback.web.assets import asset
from feedback.web.query_state import is_kiosk
from feedback.web.sheet import Sheet, make_sheet

_NAME = "feedback-sheets"
_MOST = 256


@dataclass(frozen=True, slots=True)
class Dress:
    """What a drawn page carries: its sheet, and whether the optional script."""

    sheet: Sheet
    has_script: bool


def install_dress(app: Flask, untouched: Sheet, whole: Sheet) -> None:
    """Keep the sheets that an untouched form and every other page wear unless their clinic chose a colour."""
    app.extensions[_NAME] = {("", True): untouched, ("", False): whole}


def wear(clinic: Clinic | None, *, is_untouched: bool = False) -> Sheet:
    """Return the sheet of a clinic's pages and let this answer's policy name it."""
    sheets: dict[tuple[str, bool], Sheet] = current_app.extensions[_NAME]
    worn = (clinic.accent if clinic else "", is_untouched)
    if worn not in sheets:
        if len(sheets) >= _MOST:
            current_app.extensions[_NAME] = sheets = {key: sheets[key] for key in (("", True), ("", False))}
        sheets[worn] = make_sheet(sheets["", is_untouched].text + _colours(worn[0]))
    g.sheet = sheets[worn]
    return sheets[worn]


def script_of(clinic: Clinic) -> str:
    """Return the address of the optional script where a clinic turned it on, and let this answer's policy admit it.

    Never on a shared tablet, whose pages have to clear by themselves.
    """
    g.has_script = clinic.script_enabled and not is_kiosk()
    return asset("send.js") if g.has_script else ""


def has_script() -> bool:
    """Return whether this answer carries the optional script."""
    return bool(g.get("has_script"))


def worn() -> Sheet:
    """Return the sheet of this answer, the plain one where no page was drawn."""
    sheet: Sheet = g.get("sheet") or current_app.extensions[_NAME]["", False]
    return sheet


def dress_worn() -> Dress:
    """Return what the page just drawn carries, to be put on again when it is sent once more."""
    return Dress(worn(), has_script())


def put_on(dress: Dress) -> None:
    """Let this answer's policy name what a page drawn before carries."""
    g.sheet, g.has_script = dress.sheet, dress.has_script


def _colours(accent: str) -> str:
    palette = palette_for(accent)
    dark = f"@media (prefers-color-scheme:dark){{:root{{{_variables(palette.dark)}}}}}"
    return f":root{{{_variables(palette.light)}}}{dark}"


def _variables(shade: Shade) -> str:
    return f"--accent:{shade.accent};--on:{shade.on};--tint:{shade.tint}"

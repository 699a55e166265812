"""The stylesheet of client pages: minified, inlined into every page, in the clinic's own colour if it chose one.

The Content-Security-Policy names it by its hash, so whoever draws a page leaves in `g` what that page carries.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from flask import Flask, current_app, g
from rcssmin import cssmin

from feedback.domain.care import Clinic
from feedback.domain.colour import Shade, palette_for
from feedback.web.assets import asset
from feedback.web.query_state import is_kiosk

CHOSEN = frozenset({"--accent", "--on", "--tint"})
"""Names of what a clinic may set itself; all others are shortened."""

_NAME_OF_A_VALUE = re.compile(r"--[a-z]+")
_NAME = "feedback-sheets"
_MOST = 256


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """The text between `<style>` and `</style>`, and how a Content-Security-Policy names exactly that text."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class PageAssets:
    """What a drawn page carries: its stylesheet, and whether the optional script."""

    sheet: Stylesheet
    has_script: bool


def install_stylesheets(app: Flask, untouched: Stylesheet, whole: Stylesheet) -> None:
    """Keep the sheets that an untouched form and every other page have unless their clinic chose a colour."""
    app.extensions[_NAME] = {("", True): untouched, ("", False): whole}


def stylesheet_for(clinic: Clinic | None, *, is_untouched: bool = False) -> Stylesheet:
    """Return the sheet of a clinic's pages and let this answer's policy name it."""
    sheets: dict[tuple[str, bool], Stylesheet] = current_app.extensions[_NAME]
    chosen = (clinic.accent if clinic else "", is_untouched)
    if chosen not in sheets:
        if len(sheets) >= _MOST:
            current_app.extensions[_NAME] = sheets = {key: sheets[key] for key in (("", True), ("", False))}
        sheets[chosen] = make_stylesheet(sheets["", is_untouched].text + _colours(chosen[0]))
    g.sheet = sheets[chosen]
    return sheets[chosen]


def script_of(clinic: Clinic) -> str:
    """Return the address of the optional script where a clinic turned it on, and let this answer's policy admit it.

    Never on a shared tablet, whose pages have to clear by themselves.
    """
    g.has_script = clinic.script_enabled and not is_kiosk()
    return asset("send.js") if g.has_script else ""


def has_script() -> bool:
    """Return whether this answer carries the optional script."""
    return bool(g.get("has_script"))


def current_stylesheet() -> Stylesheet:
    """Return the sheet of this answer, the plain one where no page was drawn."""
    sheet: Stylesheet = g.get("sheet") or current_app.extensions[_NAME]["", False]
    return sheet


def page_assets() -> PageAssets:
    """Return what the page just drawn carries, to be used again when it is sent once more."""
    return PageAssets(current_stylesheet(), has_script())


def use_assets(assets: PageAssets) -> None:
    """Let this answer's policy name what a page drawn before carries."""
    g.sheet, g.has_script = assets.sheet, assets.has_script


def _colours(accent: str) -> str:
    palette = palette_for(accent)
    dark = f"@media (prefers-color-scheme:dark){{:root{{{_variables(palette.dark)}}}}}"
    return f":root{{{_variables(palette.light)}}}{dark}"


def _variables(shade: Shade) -> str:
    return f"--accent:{shade.accent};--on:{shade.on};--tint:{shade.tint}"


def read_stylesheets(*paths: Path) -> tuple[Stylesheet, ...]:
    """Read sheets and minify them; gives the first, the first with the second behind it, and so on."""
    parts = [cssmin(path.read_text(encoding="utf-8")) for path in paths]
    short = _short_names("".join(parts))
    texts = [_NAME_OF_A_VALUE.sub(lambda found: short.get(found[0], found[0]), part) for part in parts]
    return tuple(make_stylesheet("".join(texts[:count])) for count in range(1, len(texts) + 1))


def _short_names(text: str) -> dict[str, str]:
    """Return a letter for each custom property of a sheet, but for those a clinic may set."""
    names = [name for name in dict.fromkeys(_NAME_OF_A_VALUE.findall(text)) if name not in CHOSEN]
    return dict(zip(names, (f"--{letter}" for letter in ascii_lowercase), strict=False))


def make_stylesheet(text: str) -> Stylesheet:
    """Return a sheet of exactly this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Stylesheet(text, f"'sha256-{digest}'")

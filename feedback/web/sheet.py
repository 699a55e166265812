"""The client's one style sheet: squeezed, inlined into every client page, and named in the policy by its hash."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

CHOSEN = frozenset({"--accent", "--on", "--tint"})
"""Names of what a clinic may set itself; all others are shortened."""

_BETWEEN = "\x00"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text between `<style>` and `</style>`, and how a Content-Security-Policy names exactly that text."""

    text: str
    source: str


def read_sheets(*paths: Path) -> tuple[Sheet, ...]:
    """Read sheets and squeeze them together; gives the first, the first with the second behind it, and so on.

    They are ours and tested as drawn; the squeezing knows no more CSS than they use.
    """
    parts = _squeezed(_BETWEEN.join(path.read_text(encoding="utf-8") for path in paths)).split(_BETWEEN)
    return tuple(make_sheet("".join(part.strip() for part in parts[:count])) for count in range(1, len(parts) + 1))


def _squeezed(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}").strip()
    text = re.sub(r" ([>+/]) (?![^(]*\))", r"\1", text).replace("@media (", "@media(")
    names = [name for name in dict.fromkeys(re.findall(r"--[a-z]+", text)) if name not in CHOSEN]
    for name, short in zip(names, ascii_lowercase, strict=False):
        text = re.sub(rf"{name}\b", f"--{short}", text)
    return text


def make_sheet(text: str) -> Sheet:
    """Return a sheet of exactly this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Sheet(text, f"'sha256-{digest}'")

"""The client's one style sheet: squeezed, inlined into every client page, and named in the policy by its hash."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

CHOSEN = frozenset({"--accent", "--on", "--tint"})
"""Names of what a clinic may set itself; all others are shortened."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text between `<style>` and `</style>`, and how a Content-Security-Policy names exactly that text."""

    text: str
    source: str


def read_sheet(path: Path) -> Sheet:
    """Read and squeeze the sheet. It is ours and tested as drawn; the squeezing knows no more CSS than it uses."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+", ":", text).replace(";}", "}").strip()
    text = re.sub(r" ([>+/]) (?![^(]*\))", r"\1", text).replace("@media (", "@media(")
    names = [name for name in dict.fromkeys(re.findall(r"--[a-z]+", text)) if name not in CHOSEN]
    for name, short in zip(names, ascii_lowercase, strict=False):
        text = re.sub(rf"{name}\b", f"--{short}", text)
    return make_sheet(text)


def make_sheet(text: str) -> Sheet:
    """Give a sheet of exactly this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Sheet(text, f"'sha256-{digest}'")

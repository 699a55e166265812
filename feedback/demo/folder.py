"""The folder a demo lives in, marked as one, so that no real clinic is ever taken for it."""

import shutil
from pathlib import Path

from feedback.domain.errors import Refused
from feedback.settings import Settings

MARKER = "THIS-IS-A-DEMO.txt"
_WORDS = "A throw-away demo clinic. Nobody in it is real. Running the demo here again makes it anew.\n"
_OURS = ("data", "keys")


def claim_folder(folder: Path) -> None:
    """Make a folder ready for a new demo: an empty one is marked, a marked one is emptied.

    Raises `Refused` for a folder that holds anything else, which might be a real clinic.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = folder / MARKER
    if not marker.exists():
        if any(folder.iterdir()):
            raise Refused(f"{folder} holds something that is not a demo. Choose an empty folder with --dir.")
        marker.write_text(_WORDS, encoding="utf-8")
    for name in _OURS:
        shutil.rmtree(folder / name, ignore_errors=True)


def settings_of(folder: Path, base_url: str) -> Settings:
    """Return the demo's settings: its own folder and address, and defaults otherwise, whatever the environment says."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    own = {"data_dir": folder / "data", "keys_dir": folder / "keys", "base_url": base_url, "log_level": "warning"}
    return Settings(**(defaults | own))

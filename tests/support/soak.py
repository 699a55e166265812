"""How far a test goes: far enough for every run, or as far as it takes (`make soak`)."""

import os

IS_SOAK = bool(os.environ.get("SOAK"))


def scaled(usual: int, soak: int) -> int:
    """Return the first number, or the second when the environment says SOAK=1."""
    return soak if IS_SOAK else usual

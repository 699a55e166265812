"""Answers one question: where is the folder? In a checkout beside the package, in a wheel inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLE = _PACKAGE / "_bundle"


def _folder(name: str) -> Path:
    bundled = _BUNDLE / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def templates() -> Path:
    """Return the folder of Jinja templates."""
    return _folder("templates")


def static() -> Path:
    """Return the folder of style sheets and other files served as they are."""
    return _folder("static")


def migrations() -> Path:
    """Return the folder of Alembic's environment and revisions."""
    return _folder("migrations")


def translations() -> Path:
    """Return the folder of catalogues, one folder per language; it always lies inside the package."""
    return _PACKAGE / "translations"

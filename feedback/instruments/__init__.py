"""Instruments that come with the product: `known` names them, `load` reads one, `easier` finds its plainer twin."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from feedback.domain.errors import NotFound
from feedback.domain.instrument import Instrument
from feedback.domain.languages import LANGUAGES
from feedback.instruments.loader import read_instrument

__all__ = ["easier", "known", "languages_of", "load", "read_instrument", "schema", "source"]


@cache
def known() -> tuple[tuple[str, str], ...]:
    """Name every instrument that ships, as pairs of id and language, in alphabetical order."""
    return tuple(sorted(_files()))


def languages_of(instrument_id: str) -> tuple[str, ...]:
    """Give the codes of the languages in which an instrument ships, as they are offered; none for an unknown one."""
    return tuple(code for code in LANGUAGES if (instrument_id, code) in known())


def load(instrument_id: str, language: str = "en") -> Instrument:
    """Give an instrument in a language. Read once per process; an instrument never changes.

    Raises `NotFound` when none ships under that id and language, `InstrumentRefused` when its file is damaged.
    """
    return _load(instrument_id, language)


def easier(instrument: Instrument) -> Instrument | None:
    """Give the easier version of an instrument in the same language, or none when none ships."""
    return _easier(instrument.id, instrument.language)


def source(instrument_id: str, language: str = "en") -> bytes:
    """Give an instrument's own file. Raises `NotFound` when none ships under that id and language."""
    return _file(instrument_id, language).read_bytes()


@cache
def _load(instrument_id: str, language: str) -> Instrument:
    file = _file(instrument_id, language)
    return read_instrument(file.read_bytes(), file.name)


@cache
def _easier(instrument_id: str, language: str) -> Instrument | None:
    versions = (_load(*name) for name in known() if name[1] == language)
    return next((version for version in versions if version.easier_of == instrument_id), None)


def _file(instrument_id: str, language: str) -> Traversable:
    file = _files().get((instrument_id, language))
    if file is None:
        raise NotFound(f'There is no instrument "{instrument_id}" in "{language}". See: feedback instruments list.')
    return file


def schema() -> bytes:
    """Give the JSON Schema (draft 2020-12) of instrument files, for editors and for tests."""
    return (resources.files(__name__) / "instrument.schema.json").read_bytes()


def _files() -> dict[tuple[str, str], Traversable]:
    folder = resources.files(__name__) / "data"
    found = {}
    for file in folder.iterdir():
        instrument_id, _, rest = file.name.partition(".")
        language, _, suffix = rest.rpartition(".")
        if suffix == "json":
            found[instrument_id, language] = file
    return found

"""Instruments that come with the product: `known` names them, `load` reads one, `easier` finds its plainer twin."""

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from feedback.domain.errors import NotFound
from feedback.domain.instrument import About, HigherIs, Instrument
from feedback.domain.languages import LANGUAGES
from feedback.instruments.checks import check_beside, check_stated
from feedback.instruments.fhir_reading import from_questionnaire, is_questionnaire
from feedback.instruments.fhir_words import FhirRelease, fit_for
from feedback.instruments.fhir_writing import to_questionnaire
from feedback.instruments.loader import build_instrument, read_instrument
from feedback.instruments.parsing import parse

__all__ = [
    "FhirRelease",
    "as_questionnaire",
    "check_stated",
    "easier",
    "known",
    "languages_of",
    "load",
    "read_any",
    "read_instrument",
    "schema",
    "source",
    "template",
    "templates",
]


@cache
def known() -> tuple[tuple[str, str], ...]:
    """Name every instrument that ships, as pairs of id and language, in alphabetical order."""
    return tuple(sorted(_files()))


@cache
def languages_of(instrument_id: str) -> tuple[str, ...]:
    """Return the codes of the languages in which an instrument ships, as they are offered; none for an unknown one."""
    return tuple(code for code in LANGUAGES if (instrument_id, code) in known())


def load(instrument_id: str, language: str = "en") -> Instrument:
    """Return an instrument in a language. Read once per process; an instrument never changes.

    Raises `NotFound` when none ships under that id and language, `InstrumentRefused` when its file is damaged.
    """
    return _load(instrument_id, language)


def easier(instrument: Instrument) -> Instrument | None:
    """Return the easier version of an instrument in the same language, or none when none ships."""
    return _easier(instrument.id, instrument.language)


def source(instrument_id: str, language: str = "en") -> bytes:
    """Return an instrument's own file. Raises `NotFound` when none ships under that id and language."""
    return _file(instrument_id, language).read_bytes()


@cache
def _load(instrument_id: str, language: str) -> Instrument:
    file = _file(instrument_id, language)
    return _as_shipped(read_instrument(file.read_bytes(), file.name))


def _as_shipped(instrument: Instrument) -> Instrument:
    """Return a built-in form with what it is: about the session, a high score good. Its kept files never change."""
    return replace(instrument, about=About.SESSION, higher_is=HigherIs.BETTER)


@cache
def _easier(instrument_id: str, language: str) -> Instrument | None:
    versions = (_load(*name) for name in known() if name[1] == language)
    return next((version for version in versions if version.easier_of == instrument_id), None)


def _file(instrument_id: str, language: str) -> Traversable:
    file = _files().get((instrument_id, language))
    if file is None:
        raise NotFound(f'There is no instrument "{instrument_id}" in "{language}". See: feedback instruments list.')
    return file


def read_any(
    content: bytes, file: str, *, about: About | None = None, higher_is: HigherIs | None = None
) -> tuple[Instrument, bytes]:
    """Read an instrument file or a FHIR `Questionnaire`, both JSON; give the instrument and its instrument file.

    FHIR has no place for what a questionnaire is `about` and what a high answer is: that is said beside it.
    Raises `InstrumentRefused`, naming the file, the place in it and the remedy.
    """
    value = parse(content, file)
    if not is_questionnaire(value):
        instrument = build_instrument(value, file)
        check_beside(instrument, file, about, higher_is)
        return (_as_shipped(instrument) if instrument.id in dict(known()) else instrument), content
    fields = from_questionnaire(value, file, about=about, higher_is=higher_is)
    return build_instrument(fields, file), _written(fields)


def as_questionnaire(instrument: Instrument, release: FhirRelease) -> bytes:
    """Return an instrument as a FHIR `Questionnaire`, as JSON. The same instrument gives the same bytes.

    Before R5, blanks that keep words together become plain ones: the published schema knows no others.
    """
    return _written(fit_for(release, to_questionnaire(instrument, release)))


def templates() -> tuple[str, ...]:
    """Name the templates: the structure of instruments whose words belong to somebody, without a word of them."""
    return tuple(sorted(file.name.removesuffix(".json") for file in _folder("templates").iterdir()))


def template(name: str) -> bytes:
    """Return a template, to be filled in by a clinic that holds the right to. Raises `NotFound`."""
    if name not in templates():
        raise NotFound(f'There is no template "{name}". There are: {", ".join(templates())}.')
    return (_folder("templates") / f"{name}.json").read_bytes()


def schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of instrument files, for editors and for tests."""
    return (resources.files(__name__) / "instrument.schema.json").read_bytes()


def _files() -> dict[tuple[str, str], Traversable]:
    found = {}
    for file in _folder("data").iterdir():
        instrument_id, _, rest = file.name.partition(".")
        language, _, suffix = rest.rpartition(".")
        if suffix == "json":
            found[instrument_id, language] = file
    return found


def _folder(name: str) -> Traversable:
    return resources.files(__name__) / name


def _written(fields: dict[str, Any]) -> bytes:
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()

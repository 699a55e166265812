"""Finding the instrument a case is followed with: one that ships, or one that the clinic added."""

from dataclasses import replace
from functools import lru_cache

from feedback import instruments
from feedback.domain.care import USUAL_INSTRUMENT
from feedback.domain.errors import NotFound
from feedback.domain.instrument import Instrument
from feedback.domain.own_instrument import OwnInstrument
from feedback.persistence.clinic.own_instruments import list_own
from feedback.persistence.database import UnitOfWork


def find_instrument(uow: UnitOfWork, instrument_id: str, language: str = "en") -> Instrument:
    """Return an instrument in a language, or in one it exists in; of a clinic's own the newest version.

    Retired ones are found as well: the cases that have them go on. Raises `NotFound`.
    """
    languages = instruments.languages_of(instrument_id)
    if languages:
        return instruments.load(instrument_id, language if language in languages else "en")
    kept = list_own(uow, instrument_id)
    if not kept:
        raise NotFound(f'There is no instrument "{instrument_id}" here. See: feedback instruments list')
    newest = [each for each in kept if each.version == kept[0].version]
    return read_own(next((each for each in newest if each.language == language), newest[0]))


def languages_in(uow: UnitOfWork, instrument_id: str) -> tuple[str, ...]:
    """Return the codes of the languages in which an instrument exists; of a clinic's own, its newest version."""
    shipped = instruments.languages_of(instrument_id)
    kept = () if shipped else list_own(uow, instrument_id)
    return shipped or tuple(each.language for each in kept if each.version == kept[0].version)


def list_offered(uow: UnitOfWork) -> tuple[Instrument, ...]:
    """Return what a new case may be followed with: the built-in form, then the clinic's own that are not retired."""
    ids = dict.fromkeys(each.id for each in list_own(uow) if each.retired_on is None)
    return (instruments.load(USUAL_INSTRUMENT), *(find_instrument(uow, each) for each in ids))


def read_own(kept: OwnInstrument) -> Instrument:
    """Return the instrument of a kept file."""
    return _read(kept.content, kept.content_hash)


@lru_cache(maxsize=64)
def _read(content: str, content_hash: str) -> Instrument:
    instrument = instruments.read_instrument(content.encode(), "the kept file")
    return replace(instrument, edition=content_hash[:16])

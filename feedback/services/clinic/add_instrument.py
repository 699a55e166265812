"""Adding a questionnaire of the clinic's own, and taking it out of use."""

import hashlib
from datetime import date

from feedback import instruments
from feedback.domain.clock import Clock, local_day
from feedback.domain.errors import InstrumentRefused, NotFound
from feedback.domain.instrument import About, HigherIs, Instrument
from feedback.domain.own_instrument import OwnInstrument, check_rights, check_series
from feedback.persistence.clinic.clinics import get_clinic
from feedback.persistence.clinic.own_instruments import add_own, list_own, set_retired
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.clinic.find_instrument import read_own


def add_instrument(
    uow: UnitOfWork,
    clock: Clock,
    keyring: Keyring,
    *,
    content: bytes,
    file: str,
    holds_right: bool,
    by: str,
    offered: bool = True,
    about: About | None = None,
    higher_is: HigherIs | None = None,
) -> Instrument:
    """Keep an instrument file or a FHIR `Questionnaire` under its id, version and language; the same again is nothing.

    The first version is `offered` for new cases or waits to be; a later one is what the ones before it are.
    `about` and `higher_is` are said beside a `Questionnaire`, which has no place for them.
    Raises `InstrumentRefused`, and `Refused` unless the clinic says that it holds the right to use the text.
    """
    instrument, written = instruments.read_any(content, file, about=about, higher_is=higher_is)
    check_rights(holds_right=holds_right)
    _check_name(instrument, file)
    instruments.check_stated(instrument, file)
    today = local_day(clock, get_clinic(uow).timezone)
    kept = list_own(uow, instrument.id)
    new = _own(instrument, written, today, retired_on=_retired(kept, today, offered=offered))
    same = next((each for each in kept if each.name == new.name), None)
    if same is not None:
        _check_unchanged(same, new, file)
        return instrument
    if kept:
        check_series(instrument, read_own(kept[0]))
    add_own(uow, new)
    _record(uow, clock, keyring, by=by, action="instrument.added", subject=_named(new, "right to use stated"))
    return instrument


def retire_instrument(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, instrument_id: str, by: str) -> None:
    """Offer an instrument for no new case; cases that have it go on. Retiring twice changes nothing.

    Raises `NotFound`.
    """
    kept = list_own(uow, instrument_id)
    if not kept:
        raise NotFound(f'This clinic has added no instrument "{instrument_id}".')
    if kept[0].retired_on is None:
        set_retired(uow, instrument_id, local_day(clock, get_clinic(uow).timezone))
        _record(uow, clock, keyring, by=by, action="instrument.retired", subject=instrument_id)


def offer_instrument(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, instrument_id: str, by: str) -> None:
    """Offer a retired instrument for new cases again. Raises `NotFound`."""
    kept = list_own(uow, instrument_id)
    if not kept:
        raise NotFound(f'This clinic has added no instrument "{instrument_id}".')
    if kept[0].retired_on is not None:
        set_retired(uow, instrument_id, None)
        _record(uow, clock, keyring, by=by, action="instrument.offered", subject=instrument_id)


def _check_name(instrument: Instrument, file: str) -> None:
    if instrument.id in {name for name, _ in instruments.known()}:
        raise InstrumentRefused(f'{file}, the file: "{instrument.id}" comes with the product; choose another id.')
    if instrument.easier_of:
        raise InstrumentRefused(f'{file}, the file: "easier_of" is for what comes with the product; take it out.')


def _check_unchanged(kept: OwnInstrument, new: OwnInstrument, file: str) -> None:
    if kept.content_hash != new.content_hash:
        raise InstrumentRefused(
            f"{file}, the file: version {kept.version} of {kept.id} in {kept.language} was added with other content on "
            f"{kept.added_on}. Answers may have been given under those words: raise the version."
        )


def _own(instrument: Instrument, written: bytes, today: date, *, retired_on: date | None) -> OwnInstrument:
    return OwnInstrument(
        id=instrument.id,
        version=instrument.version,
        language=instrument.language,
        content=written.decode(),
        content_hash=hashlib.sha256(written).hexdigest(),
        added_on=today,
        retired_on=retired_on,
    )


def _retired(kept: tuple[OwnInstrument, ...], today: date, *, offered: bool) -> date | None:
    """Return since when a version just added is not offered: as the others, and never before the day it was added."""
    is_offered = kept[0].retired_on is None if kept else offered
    return None if is_offered else today


def _named(instrument: OwnInstrument, more: str) -> str:
    return f"{instrument.id} version {instrument.version} {instrument.language}, {more}"


def _record(uow: UnitOfWork, clock: Clock, keyring: Keyring, *, by: str, action: str, subject: str) -> None:
    record_audit(uow, clock, keyring, actor=by, action=action, subject=subject)

"""The questionnaires a clinic added: every version word for word, none ever changed."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from feedback.domain.errors import NotFound
from feedback.domain.own_instrument import OwnInstrument
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import clinic_instruments as own


def add_own(uow: UnitOfWork, instrument: OwnInstrument) -> None:
    """Keep a version."""
    values = {column.name: getattr(instrument, column.name) for column in own.c if column.name != "clinic_id"}
    uow.connection.execute(insert(own).values(clinic_id=uow.clinic_id, **values))


def list_own(uow: UnitOfWork, instrument_id: str | None = None) -> tuple[OwnInstrument, ...]:
    """Return the clinic's instruments, or those of one id: by id, the newest version first, then by language."""
    mine = select(own).where(own.c.clinic_id == uow.clinic_id)
    if instrument_id is not None:
        mine = mine.where(own.c.id == instrument_id)
    rows = uow.connection.execute(mine.order_by(own.c.id, own.c.version.desc(), own.c.language))
    return tuple(_own(row) for row in rows)


def get_own(uow: UnitOfWork, name: tuple[str, int, str]) -> OwnInstrument:
    """Return one version by id, version and language. Raises `NotFound`."""
    instrument_id, _, _ = name
    for each in list_own(uow, instrument_id):
        if each.name == name:
            return each
    raise NotFound("This clinic has added no such questionnaire.")


def set_retired(uow: UnitOfWork, instrument_id: str, on: date | None) -> None:
    """Retire every version of an id on a local day, or offer them again."""
    mine = (own.c.clinic_id == uow.clinic_id) & (own.c.id == instrument_id)
    uow.connection.execute(update(own).where(mine).values(retired_on=on))


def _own(row: Any) -> OwnInstrument:
    return OwnInstrument(row.id, row.version, row.language, row.content, row.content_hash, row.added_on, row.retired_on)

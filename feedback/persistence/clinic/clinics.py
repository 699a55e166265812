"""Clinics and teams, as rows and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from feedback.domain.care import Clinic, HelpNumber, Team
from feedback.domain.errors import NotFound
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import clinics, teams

_BY_ID = select(clinics).where(clinics.c.id == bindparam("clinic"))


def _row(clinic: Clinic) -> dict[str, Any]:
    numbers = json.dumps([asdict(number) for number in clinic.help_numbers])
    return asdict(clinic) | {"help_numbers": numbers, "languages": " ".join(clinic.languages)}


def read_clinic(columns: Sequence[Any]) -> Clinic:
    """Return the clinic of the columns of its row; the same columns give the same object, so that it is made once."""
    return _read(tuple(columns))


@lru_cache(maxsize=256)
def _read(columns: tuple[Any, ...]) -> Clinic:
    named = dict(zip(clinics.c.keys(), columns, strict=True))
    numbers = tuple(HelpNumber(**number) for number in json.loads(named["help_numbers"]))
    return Clinic(**(named | {"help_numbers": numbers, "languages": tuple(named["languages"].split())}))


def add_clinic(uow: UnitOfWork, clinic: Clinic) -> None:
    """Store a new clinic."""
    uow.connection.execute(insert(clinics).values(_row(clinic)))


def save_clinic(uow: UnitOfWork, clinic: Clinic) -> None:
    """Store a clinic's changed choices."""
    uow.connection.execute(update(clinics).where(clinics.c.id == uow.clinic_id).values(_row(clinic)))


def get_clinic(uow: UnitOfWork) -> Clinic:
    """Return the clinic of this unit of work. Raises `NotFound`."""
    row = uow.connection.execute(_BY_ID, {"clinic": uow.clinic_id}).first()
    if row is None:
        raise NotFound("There is no such clinic here.")
    return read_clinic(row)


def only_clinic(uow: UnitOfWork) -> Clinic | None:
    """Return the installation's clinic when it has exactly one."""
    rows = uow.connection.execute(select(clinics).limit(2)).all()
    return read_clinic(rows[0]) if len(rows) == 1 else None


def list_clinics(uow: UnitOfWork) -> tuple[Clinic, ...]:
    """Return every clinic of the installation by name."""
    return tuple(map(read_clinic, uow.connection.execute(select(clinics).order_by(clinics.c.name))))


def list_zones(uow: UnitOfWork) -> dict[str, str]:
    """Return the time zone of every clinic of the installation by the clinic's id."""
    return {row.id: row.timezone for row in uow.connection.execute(select(clinics.c.id, clinics.c.timezone))}


def add_team(uow: UnitOfWork, team: Team) -> None:
    """Store a new team."""
    uow.connection.execute(insert(teams).values(clinic_id=uow.clinic_id, id=team.id, name=team.name))


def list_teams(uow: UnitOfWork, *, with_archived: bool = False) -> tuple[Team, ...]:
    """Return the clinic's teams by name."""
    chosen = select(teams.c.id, teams.c.name, teams.c.archived_on).where(teams.c.clinic_id == uow.clinic_id)
    if not with_archived:
        chosen = chosen.where(teams.c.archived_on.is_(None))
    return tuple(Team(*row) for row in uow.connection.execute(chosen.order_by(teams.c.name)))


def save_team(uow: UnitOfWork, team: Team) -> None:
    """Store a team's changed name, or that it is archived."""
    mine = (teams.c.clinic_id == uow.clinic_id) & (teams.c.id == team.id)
    uow.connection.execute(update(teams).where(mine).values(name=team.name, archived_on=team.archived_on))

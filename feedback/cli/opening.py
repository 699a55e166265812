"""Opening the installation that the settings name, for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from feedback import paths
from feedback.bootstrap import Installation, open_installation
from feedback.domain.errors import DatabaseWrong
from feedback.persistence.clinic.clinics import only_clinic
from feedback.persistence.database import UnitOfWork
from feedback.persistence.upkeep.migrate import check_current
from feedback.services.upkeep.check_keys import check_keys
from feedback.settings import Settings, read_settings

OPERATOR: Final = "operator"
"""Whom the audit log names for what is done on the host itself."""


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Installation]:
    """Yield the installation. Raises `DatabaseWrong` or `KeysWrong` when it is not in order."""
    installation = open_installation(settings or read_settings())
    try:
        check_current(installation.database, paths.migrations())
        with installation.database.reading(None) as uow:
            check_keys(uow, installation.keyring)
        yield installation
    finally:
        installation.database.close()


@contextmanager
def writing(installation: Installation) -> Iterator[UnitOfWork]:
    """Yield a unit of work within the installation's clinic, and commit it when the block ends well."""
    with installation.database.writing(None) as uow:
        inside = within_the_clinic(uow)
        yield inside


def within_the_clinic(uow: UnitOfWork) -> UnitOfWork:
    """Scope a unit of work to the installation's clinic. Raises `DatabaseWrong` when it has none."""
    clinic = only_clinic(uow)
    if clinic is None:
        raise DatabaseWrong("This installation has no clinic yet. Run: feedback init --help")
    return uow.within(clinic.id)

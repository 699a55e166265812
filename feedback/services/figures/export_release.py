"""Writing a closed period as files: read from the ledger alone, and noted in the audit log."""

from dataclasses import dataclass

from feedback.domain.clock import Clock
from feedback.domain.errors import NotFound
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import Release
from feedback.exporters import ExportedFile, Format, export, package
from feedback.instruments import FhirRelease
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import ledger
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit


@dataclass(frozen=True, slots=True)
class Wanted:
    """A period as a format. `packed` puts the files of one format into a single ZIP (CSV alone has several)."""

    period: Period
    format: Format
    fhir: FhirRelease = FhirRelease.R4B
    packed: bool = False


def find_release(uow: UnitOfWork, period: Period) -> Release:
    """Return the release of a closed month or quarter. Raises `NotFound`, and `LedgerBroken` when it cannot be read."""
    entry = ledger.find_entry(uow, period)
    if entry is None:
        if period.kind is PeriodKind.YEAR:
            raise NotFound(f"{period} is a year: the sum of its months and quarters. Name one of those.")
        raise NotFound(f"{period} is not closed. See: feedback release list")
    return entry.release


def list_releases(uow: UnitOfWork) -> tuple[Release, ...]:
    """Return every release of the clinic, in the order in which they were closed."""
    return tuple(entry.release for entry in ledger.list_entries(uow))


def export_release(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, *, wanted: Wanted, by: str
) -> tuple[ExportedFile, ...]:
    """Return the files, and note in the audit log who took which.

    Raises `NotFound` for a period that is not closed, `Refused` when an optional part is not installed.
    """
    release = find_release(uow, wanted.period)
    files = (package(release),) if wanted.packed else export(release, wanted.format, wanted.fhir)
    record_audit(
        uow, clock, keyring, actor=by, action="release.exported", subject=f"{wanted.period} as {wanted.format}"
    )
    return files

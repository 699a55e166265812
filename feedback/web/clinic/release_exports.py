"""Downloads of released figures. Each is noted in the audit log."""

from collections.abc import Callable

from flask import Response, request

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.domain.figures.period import Period
from feedback.exporters import Format
from feedback.instruments import FhirRelease
from feedback.services.figures.export_release import Wanted, export_release
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.heavy_pages import heavy
from feedback.web.request_uow import writing
from feedback.web.surfaces import here

SUFFIXES = {
    "csv": Format.CSV,
    "zip": Format.CSV,
    "xlsx": Format.XLSX,
    "json": Format.JSON,
    "fhir.json": Format.FHIR,
    "parquet": Format.PARQUET,
}
"""How an address ends, and the format it gives; `zip` is the CSV with all that describes it."""


def download_as(suffix: str) -> Callable[..., Response]:
    """Make the view of one kind of address."""

    @requires(Role.CLINIC_ADMIN)
    @heavy
    def download(period: str) -> Response:
        """Return one file of a closed period; FHIR as R4B unless `?fhir=` names another release."""
        wanted = Wanted(Period.read(period), SUFFIXES[suffix], _fhir(), packed=suffix == "zip")
        with writing() as uow:
            file, *_ = export_release(uow, here().clock, here().keyring, wanted=wanted, by=me().staff.id)
        response = Response(file.content, content_type=file.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response

    return download


def _fhir() -> FhirRelease:
    asked = request.args.get("fhir", FhirRelease.R4B)
    if asked not in set(FhirRelease):
        raise NotFound(NOT_HERE)
    return FhirRelease(asked)

"""Every format by its name, and the files it gives."""

import io
import zipfile
from collections.abc import Callable, Mapping
from enum import StrEnum

from feedback.domain.figures.release import Release
from feedback.exporters import about
from feedback.exporters.datapackage import write_csvw, write_datapackage
from feedback.exporters.file import ExportedFile
from feedback.exporters.to_csv import write_csv
from feedback.exporters.to_fhir import write_fhir
from feedback.exporters.to_json import write_json
from feedback.exporters.to_parquet import write_parquet
from feedback.exporters.to_xlsx import write_xlsx
from feedback.instruments import FhirRelease


class Format(StrEnum):
    """What a release can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    FHIR = "fhir"
    PARQUET = "parquet"


ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP can name; no file in it says when it was packed."""

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(release: Release, wanted: Format, fhir: FhirRelease = FhirRelease.R4B) -> tuple[ExportedFile, ...]:
    """Return the files of a format: one, and for CSV also those that describe it. `fhir` is for that format alone.

    Raises `Refused` when an optional part is not installed.
    """
    if wanted is Format.FHIR:
        name = f"rapport-{release.period}.fhir.json"
        return (ExportedFile(name, write_fhir(release, fhir), "application/fhir+json"),)
    return FORMATS[wanted](release)


def package(release: Release) -> ExportedFile:
    """Return the CSV with all that describes it as one ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in export(release, Format.CSV):
            entry = zipfile.ZipInfo(file.name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return ExportedFile(f"rapport-{release.period}.zip", out.getvalue(), "application/zip")


def _csv(release: Release) -> tuple[ExportedFile, ...]:
    name = f"rapport-{release.period}.csv"
    return (
        ExportedFile(name, write_csv(release), "text/csv; charset=utf-8"),
        ExportedFile("datapackage.json", write_datapackage(release, name), "application/json"),
        ExportedFile(f"{name}-metadata.json", write_csvw(release, name), "application/csvm+json"),
        ExportedFile("read-me.txt", about.text(release).encode(), "text/plain; charset=utf-8"),
    )


def _single(suffix: str, media_type: str, write: Callable[[Release], bytes]) -> "Exporter":
    return lambda release: (ExportedFile(f"rapport-{release.period}.{suffix}", write(release), media_type),)


Exporter = Callable[[Release], tuple[ExportedFile, ...]]

FORMATS: Mapping[Format, Exporter] = {
    Format.CSV: _csv,
    Format.XLSX: _single("xlsx", _XLSX, write_xlsx),
    Format.JSON: _single("json", "application/json", write_json),
    Format.FHIR: _single("fhir.json", "application/fhir+json", lambda release: write_fhir(release, FhirRelease.R4B)),
    Format.PARQUET: _single("parquet", "application/vnd.apache.parquet", write_parquet),
}

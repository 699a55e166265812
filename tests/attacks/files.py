"""The adversary reads files, not releases: every format as it was written, without the code that wrote it.

CSV and JSON by the standard library, FHIR as the JSON it is, XLSX by openpyxl, Parquet by pyarrow. Where a format does
not name the part of the lattice, it follows from whom a figure is about and what it counts: `docs/exports.md`.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openpyxl
from pyarrow import parquet

from feedback.domain.figures.release import Figure, FigureStatus, LatticeLevel, Release, Unit, UnitKind
from feedback.exporters import Format, export
from feedback.exporters.to_csv import write_csv

Row = Mapping[str, Any]


def read_files(release: Release, wanted: Format) -> tuple[Figure, ...]:
    """Write a release and read its figures back from the bytes."""
    return figures_in(written(release, wanted), wanted)


def written(release: Release, wanted: Format) -> bytes:
    """Write the file that holds the figures; what describes a CSV costs most of an export and holds none."""
    return write_csv(release) if wanted is Format.CSV else export(release, wanted)[0].content


def figures_in(content: bytes, wanted: Format) -> tuple[Figure, ...]:
    """Read the figures of a file."""
    return tuple(map(_figure, _READERS[wanted](content)))


def _figure(row: Row) -> Figure:
    value, lower, upper = (_number(row[name]) for name in ("value", "lower95", "upper95"))
    unit = Unit(UnitKind(row["unit_type"]), row["unit_id"], row["unit"])
    return Figure(_level(row), unit, row["measure"], FigureStatus(row["status"]), value, lower, upper)


def _level(row: Row) -> LatticeLevel:
    if row["unit_type"] == "team":
        return LatticeLevel.L2
    both = ("clients_flagged", "clients_not_flagged")
    named = dict.fromkeys(both, LatticeLevel.L1) | {"codes": LatticeLevel.L4}
    return named.get(row["measure"], LatticeLevel.L3)


def _number(value: Any) -> float | None:
    return None if value in (None, "[c]") else float(value)


def _csv(content: bytes) -> Iterator[Row]:
    return csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)


def _xlsx(content: bytes) -> Iterator[Row]:
    header, *lines = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Figures"].iter_rows(values_only=True)
    return (dict(zip(header, line, strict=True)) for line in lines)


def _parquet(content: bytes) -> list[Row]:
    return parquet.read_table(io.BytesIO(content)).to_pylist()


def _json(content: bytes) -> Iterator[Row]:
    for each in json.loads(content)["figures"]:
        yield each | {"unit_type": each["unit"]["kind"], "unit_id": each["unit"]["id"], "unit": each["unit"]["name"]}


def _fhir(content: bytes) -> Iterator[Row]:
    resources = [entry["resource"] for entry in json.loads(content)["entry"]]
    reports = [each for each in resources if each["resourceType"] == "MeasureReport"]
    units = [report["reporter"] for report in reports]
    clinic = min(units, key=lambda unit: len(unit["display"]), default=None)  # a period held back has no report at all
    for report in reports:
        unit = report["reporter"]
        is_clinic = unit["identifier"] == clinic["identifier"]
        for group in report["group"]:
            extra = {each["url"].rpartition(":")[2]: each for each in group["extension"]}
            bar = extra.get("interval95", {}).get("valueRange", {"low": {}, "high": {}})
            given = group.get("measureScore") or group["population"][0]
            yield {
                "unit_type": "clinic" if is_clinic else "team",
                "unit_id": unit["identifier"]["value"],
                "unit": unit["display"] if is_clinic else unit["display"].removeprefix(f"{clinic['display']}, "),
                "measure": group["code"]["coding"][0]["code"],
                "status": extra["figure-status"]["valueCode"],
                "value": given.get("value", given.get("count")),
                "lower95": bar["low"].get("value"),
                "upper95": bar["high"].get("value"),
            }


_READERS: Mapping[Format, Callable[[bytes], Any]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.PARQUET: _parquet,
    Format.JSON: _json,
    Format.FHIR: _fhir,
}

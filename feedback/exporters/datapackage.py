"""What describes the CSV beside it: a Frictionless Data Package and CSV on the Web metadata, both with the codebook.

Data Package (datapackage.org, version 1); W3C, *Model for Tabular Data and Metadata on the Web*.
"""

import json
from typing import Any

from feedback.domain.figures.release import Release
from feedback.exporters import about
from feedback.exporters.cells import SUPPRESSED
from feedback.exporters.codebook import COLUMNS, Column, described, statuses

KEY = ["period", "unit_id", "measure"]


def write_datapackage(release: Release, csv_name: str) -> bytes:
    """Write `datapackage.json` for a CSV file beside it."""
    return written(
        {
            "name": f"rapport-{release.period}".lower(),
            "title": about.title(release),
            "description": about.text(release),
            "profile": "tabular-data-package",
            "created": f"{release.closed_on}T00:00:00Z",
            "rapport": _own(release),
            "resources": [
                {
                    "name": f"figures-{release.period}".lower(),
                    "path": csv_name,
                    "profile": "tabular-data-resource",
                    "format": "csv",
                    "mediatype": "text/csv",
                    "encoding": "utf-8",
                    "schema": {
                        "fields": [_field(column) for column in COLUMNS],
                        "missingValues": ["", SUPPRESSED],
                        "primaryKey": KEY,
                    },
                }
            ],
        }
    )


def write_csvw(release: Release, csv_name: str) -> bytes:
    """Write the CSV on the Web metadata of a CSV file beside it."""
    return written(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
            "url": csv_name,
            "dc:title": about.title(release),
            "dc:description": about.text(release),
            "dc:issued": str(release.closed_on),
            "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
            "null": SUPPRESSED,
            "tableSchema": {
                "columns": [
                    {
                        "name": column.name,
                        "titles": column.name,
                        "dc:description": column.words,
                        "datatype": column.type,
                    }
                    for column in COLUMNS
                ],
                "primaryKey": KEY,
            },
        }
    )


def written(content: dict[str, Any]) -> bytes:
    """Write JSON for people and machines: the same content is always the same bytes."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _own(release: Release) -> dict[str, Any]:
    return {
        "rule": dict(about.facts(release)),
        "notes": list(about.notes(release)),
        "statuses": {str(status): words for status, words in statuses(release).items()},
        "measures": described(release),
        "is_demo": release.is_demo,
    }


def _field(column: Column) -> dict[str, Any]:
    codes: dict[str, Any] = {"enum": [str(code) for code in column.codes]} if column.codes else {}
    required = {} if column.type == "number" else {"required": True}
    constraints = codes | required
    more = {"constraints": constraints} if constraints else {}
    return {"name": column.name, "type": column.type, "description": column.words} | more

"""Parquet, for notebooks. Needs the optional part `feedback[parquet]`; nothing else loads it."""

import io
import json

from feedback.domain.errors import Refused
from feedback.domain.figures.release import Release
from feedback.exporters import about
from feedback.exporters.codebook import COLUMNS, described
from feedback.exporters.rows import rows


def write_parquet(release: Release) -> bytes:
    """Write the table of figures, with rule, notes and codebook in the file's metadata; no number is a null.

    Raises `Refused` when the optional part is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an optional part, and slow to load
        from pyarrow import parquet  # noqa: PLC0415  the same
    except ImportError as error:
        raise Refused("Parquet needs an optional part. Install it with: pip install 'feedback[parquet]'") from error
    types = {"string": pa.string(), "number": pa.float64()}
    metadata = {
        "title": about.title(release),
        "rule": json.dumps(dict(about.facts(release)), ensure_ascii=False),
        "notes": "\n".join(about.notes(release)),
        "measures": json.dumps(described(release), ensure_ascii=False),
        "ledger_head": release.chain,
    }
    fields = [
        pa.field(
            column.name, types[column.type], nullable=column.type == "number", metadata={"description": column.words}
        )
        for column in COLUMNS
    ]
    cells = [row.cells for row in rows(release)]
    columns = [pa.array([row[at] for row in cells], field.type) for at, field in enumerate(fields)]
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=metadata))
    out = io.BytesIO()
    parquet.write_table(table, out)
    return out.getvalue()

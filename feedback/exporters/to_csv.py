"""CSV as RFC 4180 says: UTF-8, commas, quotes where needed, lines that end in CR LF."""

import csv
import io

from feedback.domain.figures.release import Release
from feedback.exporters.cells import SUPPRESSED
from feedback.exporters.codebook import COLUMNS
from feedback.exporters.rows import rows


def write_csv(release: Release) -> bytes:
    """Write the table of figures; where no number is given stands `[c]`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for row in rows(release):
        writer.writerow([_cell(cell) for cell in row.cells])
    return out.getvalue().encode()


def _cell(value: str | float | None) -> str:
    if value is None:
        return SUPPRESSED
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else repr(value)

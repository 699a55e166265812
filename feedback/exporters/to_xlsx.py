"""A workbook of three sheets: read this first, the figures, the codebook. No formula anywhere."""

import io
from datetime import UTC, datetime
from typing import Any

from feedback.domain.figures.release import Release
from feedback.exporters import about
from feedback.exporters.cells import SUPPRESSED, neutral
from feedback.exporters.codebook import COLUMNS, described, statuses
from feedback.exporters.rows import rows

_TEXT_ONLY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = {"unit": 26, "measure": 30, "rule_version": 16, "label": 46}


def write_xlsx(release: Release) -> bytes:
    """Write the workbook. Its date is the day the period was closed, so the same release gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415  a server that writes no workbook starts sooner without it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _TEXT_ONLY)
    closed = release.closed_on
    book.set_properties(
        {
            "title": about.title(release),
            "comments": f"Ledger head {release.chain}",
            "created": datetime(closed.year, closed.month, closed.day, tzinfo=UTC).replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    hidden = book.add_format({"italic": True, "align": "right", "pattern": 14, "fg_color": "#d9d2c5"})
    _read_me(book, release, bold, wrapped)
    _figures(book, release, bold, hidden)
    _codebook(book, release, bold, wrapped)
    book.close()
    return out.getvalue()


def _read_me(book: Any, release: Release, bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, neutral(about.title(release)), bold)
    line = 2
    for name, value in about.facts(release):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, neutral(value), wrapped)
        line += 1
    for note in about.notes(release):
        line += 1
        sheet.write_string(line, 1, neutral(note), wrapped)


def _figures(book: Any, release: Release, bold: Any, hidden: Any) -> None:
    sheet = book.add_worksheet("Figures")
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, _WIDTHS.get(column.name, 12))
        sheet.write_string(0, at, column.name, bold)
    for line, row in enumerate(rows(release), 1):
        for at, cell in enumerate(row.cells):
            if cell is None:
                sheet.write_string(line, at, SUPPRESSED, hidden)
            elif isinstance(cell, str):
                sheet.write_string(line, at, str(cell))
            else:
                sheet.write_number(line, at, cell)
    sheet.autofilter(0, 0, len(release.figures), len(COLUMNS) - 1)


def _codebook(book: Any, release: Release, bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet("Codebook")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    line = 0
    for heading, content in (
        ("column", {column.name: column.words for column in COLUMNS}),
        ("status", {str(status): words for status, words in statuses(release).items()}),
        ("measure", described(release)),
    ):
        sheet.write_string(line, 0, heading, bold)
        sheet.write_string(line, 1, "what it means", bold)
        for name, words in content.items():
            line += 1
            sheet.write_string(line, 0, name)
            sheet.write_string(line, 1, words, wrapped)
        line += 2

"""The workbook, read by openpyxl: the same figures, no formula anywhere, the same bytes each time."""

import io
import zipfile

import openpyxl
import pytest

from feedback.exporters import Format, export
from tests.exporters.reading import as_rows, with_names
from tests.support.builders import a_release

NAMES = ["=cmd()", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "＝1+1", "\u200b=1", "https://a.b"]


def book(release):
    return openpyxl.load_workbook(io.BytesIO(export(release, Format.XLSX)[0].content))


def figures(workbook):
    header, *lines = workbook["Figures"].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_openpyxl_reads_every_figure_as_it_was_released(period):
    release = a_release(period)
    rows = figures(book(release))
    assert as_rows(rows) == as_rows(release)
    assert all(isinstance(row["value"], int | float) or row["value"] == "[c]" for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula_or_a_link_whatever_a_team_is_called(name):
    workbook = book(with_names(name))
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    starts = {cell.value.lstrip(" \u200b")[0] for cell in cells if cell.data_type == "s"}
    assert not starts & set("=+-@\t\r＝")
    with zipfile.ZipFile(io.BytesIO(export(with_names(name), Format.XLSX)[0].content)) as archive:
        assert not [part for part in archive.namelist() if b"<f>" in archive.read(part)]


def test_the_first_sheet_says_what_must_be_read_first():
    release = a_release(is_demo=True)
    workbook = book(release)
    assert workbook.sheetnames == ["Read me", "Figures", "Codebook"]
    said = "\n".join(str(cell) for line in workbook["Read me"].iter_rows(values_only=True) for cell in line if cell)
    for words in ("FLN-10-clients", "epsilon 9.9", "month 0.6667", release.chain, "Totals need not add up.", "DEMO"):
        assert words in said
    assert "Garden has no figures of its own: fewer than 20 cases were open when the period began." in said


def test_the_codebook_explains_every_code_in_use():
    release = a_release()
    explained = {line[0]: line[1] for line in book(release)["Codebook"].iter_rows(values_only=True) if line[0]}
    assert {figure.measure for figure in release.figures} | {figure.status for figure in release.figures} <= set(
        explained
    )
    assert all(explained.values())

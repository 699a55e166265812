"""The CSV and what describes it, read by pandas and frictionless: the same figures, nothing else, valid."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from frictionless import Package, system

from feedback.domain.figures.release import FigureStatus
from feedback.exporters import Format, export, package
from tests.exporters.reading import as_rows, with_names
from tests.support.builders import a_release

PERIODS = ("2026-09", "2026-Q3")
HEADER = "period,unit_type,unit,measure,value,status,lower95,upper95,rule_version,unit_id,label"


@pytest.fixture
def folder(tmp_path):
    for file in export(a_release(), Format.CSV):
        (tmp_path / file.name).write_bytes(file.content)
    return tmp_path


def read(content):
    return pd.read_csv(io.BytesIO(content), na_values=["[c]"], keep_default_na=False, dtype={"period": str})


@pytest.mark.parametrize("period", PERIODS)
def test_pandas_reads_every_figure_as_it_was_released(period):
    release = a_release(period)
    table = read(export(release, Format.CSV)[0].content)
    assert ",".join(table.columns) == HEADER
    assert as_rows(table.to_dict("records")) == as_rows(release)
    assert table["value"].dtype.kind in "if"


def test_it_is_rfc_4180_and_utf_8():
    content = export(with_names("Quay, “North”\nYard"), Format.CSV)[0].content
    assert content.count(b"\r\n") == len(a_release().figures) + 1
    records = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    assert {len(record) for record in records} == {HEADER.count(",") + 1}
    assert "Quay, “North”\nYard" in {record[2] for record in records}


@pytest.mark.checklist(41)
def test_no_figure_is_blank_or_zero_where_none_is_given():
    for record in csv.DictReader(io.StringIO(export(a_release(), Format.CSV)[0].content.decode())):
        numbers = {record[name] for name in ("value", "lower95", "upper95")}
        assert ("[c]" in numbers) == (record["status"] != FigureStatus.RELEASED)
        assert not numbers & {"", "0"} or record["lower95"] == "0"


def test_frictionless_finds_the_package_valid(folder):
    system.trusted = True
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    assert report.tasks[0].stats["rows"] == len(a_release().figures)


def test_frictionless_would_find_a_wrong_package(folder):
    system.trusted = True
    data = folder / "rapport-2026-Q3.csv"
    data.write_text(data.read_text().replace("floor", "flor", 1))
    report = Package(str(folder / "datapackage.json")).validate()
    assert [kind for (kind,) in report.flatten(["type"])] == ["constraint-error"]


def test_both_descriptions_name_every_column_and_carry_rule_spending_and_head(folder):
    release = a_release()
    frictionless = json.loads((folder / "datapackage.json").read_text())
    csvw = json.loads((folder / "rapport-2026-Q3.csv-metadata.json").read_text())
    fields = [field["name"] for field in frictionless["resources"][0]["schema"]["fields"]]
    assert fields == [column["name"] for column in csvw["tableSchema"]["columns"]] == HEADER.split(",")
    assert (csvw["url"], csvw["null"], csvw["@context"][0]) == (
        "rapport-2026-Q3.csv",
        "[c]",
        "http://www.w3.org/ns/csvw",
    )
    for said in (frictionless["description"], csvw["dc:description"], (folder / "read-me.txt").read_text()):
        assert "FLN-10-clients, version 1" in said
        assert "epsilon 9.9" in said
        assert release.chain in said
        assert "Totals need not add up." in said
        assert "approximate to protect clients" in said
    assert frictionless["rapport"]["measures"].keys() == {figure.measure for figure in release.figures}


def test_the_package_in_one_file_holds_the_same_files():
    files = {file.name: file.content for file in export(a_release(), Format.CSV)}
    with zipfile.ZipFile(io.BytesIO(package(a_release()).content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_large_counts_stay_whole_numbers():
    release = a_release()
    large = replace(release.figures[0], value=12_345_680, lower95=12_345_670, upper95=12_345_690)
    content = export(replace(release, figures=(large,)), Format.CSV)[0].content.decode()
    assert ",12345680,released,12345670,12345690," in content

"""Parquet, read by pyarrow: the same figures, nulls where none is given, the rule in the metadata."""

import io
import json
import sys

import pytest
from pyarrow import parquet, types

from feedback.domain.errors import Refused
from feedback.exporters import Format, export
from tests.exporters.reading import as_rows
from tests.support.builders import a_release


def table(release):
    return parquet.read_table(io.BytesIO(export(release, Format.PARQUET)[0].content))


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_pyarrow_reads_every_figure_as_it_was_released(period):
    release = a_release(period)
    read = table(release)
    assert as_rows(read.to_pylist()) == as_rows(release)
    assert types.is_float64(read.schema.field("value").type)
    assert not read.schema.field("status").nullable


def test_the_metadata_carries_rule_spending_head_and_notes():
    release = a_release()
    metadata = {name.decode(): value.decode() for name, value in table(release).schema.metadata.items()}
    assert metadata["ledger_head"] == release.chain
    assert json.loads(metadata["rule"])["Privacy spent, one client in a quarter"] == "epsilon 9.9"
    assert "Totals need not add up." in metadata["notes"]
    assert json.loads(metadata["measures"])["clients_flagged"] == "Clients with a possible rupture"


def test_without_the_optional_part_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Refused, match=r"feedback\[parquet\]"):
        export(a_release(), Format.PARQUET)

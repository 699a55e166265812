"""What was published under FLN-10/5, by answers, stays readable, and its files the same to the last byte."""

import hashlib
import json
from pathlib import Path

import pytest

from feedback.domain.figures.ledger import LedgerEntry, check_chain, next_entry
from feedback.exporters import Format, export

KEPT = json.loads((Path(__file__).parent / "fln_10_5.json").read_text(encoding="utf-8"))
ENTRIES = [LedgerEntry.read(each["line"]) for each in KEPT]


def test_its_lines_are_read_and_written_as_they_were():
    assert check_chain(ENTRIES) == ENTRIES[-1].chain
    for before, entry in zip([None, *ENTRIES], ENTRIES, strict=False):
        assert next_entry(before, entry.release) == entry
        assert not entry.release.rule.counts_clients


@pytest.mark.parametrize("wanted", Format)
def test_its_files_have_the_bytes_they_had(wanted):
    for kept, entry in zip(KEPT, ENTRIES, strict=True):
        for file in export(entry.release, wanted):
            assert hashlib.sha256(file.content).hexdigest() == kept["files"][f"{wanted}:{file.name}"], file.name

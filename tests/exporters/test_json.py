"""The JSON document: true to its schema, equal to the release, and checkable against the ledger."""

import copy
import json

import jsonschema
import pytest

from feedback.domain.figures.ledger import LedgerEntry, check_chain
from feedback.exporters import Format, export
from feedback.exporters.to_json import schema
from tests.support.builders import a_release

VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()), format_checker=jsonschema.FormatChecker())


def document(release):
    return json.loads(export(release, Format.JSON)[0].content)


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3"])
def test_it_fits_its_schema_and_says_what_was_released(period):
    release = a_release(period)
    written = document(release)
    VALIDATOR.validate(written)
    assert [
        (each["level"], each["unit"]["id"], each["measure"], each["status"], each["value"], each["lower95"])
        for each in written["figures"]
    ] == [(each.level, each.unit.id, each.measure, each.status, each.value, each.lower95) for each in release.figures]
    assert all(bool(each["words"]) == (each["value"] is None) for each in written["figures"])


@pytest.mark.parametrize(
    "path", [("rule", "floor"), ("ledger", "head"), ("figures", 0, "status"), ("figures", 0, "value"), ("notes",)]
)
def test_the_schema_misses_whatever_is_taken_out(path):
    written = copy.deepcopy(document(a_release()))
    place = written
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert not VALIDATOR.is_valid(written)


def test_the_schema_refuses_a_number_where_none_is_given():
    written = document(a_release())
    hidden = next(each for each in written["figures"] if each["status"] == "floor")
    hidden["value"] = 7
    assert not VALIDATOR.is_valid(written)


def test_the_ledgers_line_is_in_it_and_can_be_checked():
    release = a_release()
    entry = LedgerEntry.read(document(release)["ledger"]["line"])
    assert check_chain([entry]) == release.chain
    assert entry.release == release

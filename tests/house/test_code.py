"""Habits of the code that no linter knows."""

import ast
import io
import re
import tokenize

import pytest
from sqlalchemy import DateTime
from sqlalchemy.schema import CheckConstraint

from feedback.persistence import tables
from feedback.persistence.base import UtcDateTime, metadata
from tests.house.repository import modules, named, tracked, tree

READS_ENVIRONMENT = {"feedback/settings.py"}
READS_CLOCK = {"feedback/domain/clock.py"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}
CLOCK = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "time.time_ns"}
TABLES = sorted(tables.__all__)


def _mentions(path, names):
    """Say which of the dotted names a module uses, imported as a whole or by name."""
    wanted = {name.rsplit(".", 1)[1] for name in names if name.startswith("os.")}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in names:
            yield ast.unparse(node)
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (alias.name for alias in node.names if alias.name in wanted)


def test_only_the_settings_read_the_environment():
    readers = {named(path) for path in modules() if list(_mentions(path, ENVIRONMENT))}
    assert readers == READS_ENVIRONMENT


def test_only_the_clock_reads_the_time():
    readers = {named(path) for path in modules() if list(_mentions(path, CLOCK))}
    assert readers == READS_CLOCK


def test_no_note_to_self_stays_in_the_code():
    left = []
    for path in (path for path in tracked() if path.suffix == ".py"):
        tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        left += [
            f"{named(path)}:{token.start[0]}"
            for token in tokens
            if token.type == tokenize.COMMENT and re.search(r"\b(TODO|FIXME|XXX|HACK)\b", token.string)
        ]
    assert left == []


def test_each_exception_to_a_rule_says_why():
    bare = []
    for path in (path for path in tracked() if path.suffix == ".py"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            exception = re.search(r"#\s*(noqa: [A-Z0-9, ]*[A-Z0-9]|type: ignore\[[a-z-, ]+\])(.*)$", line)
            if exception and len(exception[2].strip(" #.")) < 5:
                bare.append(f"{named(path)}:{number}")
    assert bare == []


def test_every_table_is_listed():
    assert sorted(metadata.tables) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_every_constraint_has_a_name(table):
    for constraint in metadata.tables[table].constraints:
        assert constraint.name, constraint
        if isinstance(constraint, CheckConstraint):
            assert str(constraint.name).count("ck_") == 1, "the naming convention adds the prefix"


@pytest.mark.parametrize("table", TABLES)
def test_every_instant_refuses_to_be_naive(table):
    for column in metadata.tables[table].columns:
        assert not isinstance(column.type, DateTime), f"{column} must be UtcDateTime"
        if column.name == "at" or column.name.endswith("_at"):
            assert isinstance(column.type, UtcDateTime), column

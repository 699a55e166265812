"""What holds for every revision, on both engines."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from feedback.persistence.upkeep import migrate
from tests.migrations.schema import read_schema

HERE = Path(__file__).parent
KEPT_SO_ON_SQLITE = {"0017"}
"""Revisions that bring PostgreSQL what SQLite has by itself."""


def test_revisions_form_one_line_of_numbered_sentences(revisions):
    numbers = [revision.revision for revision in revisions]
    assert numbers == [f"{place:04}" for place in range(1, len(revisions) + 1)]
    assert [revision.down_revision for revision in revisions] == [None, *numbers[:-1]]
    for revision in revisions:
        assert re.fullmatch(rf"{revision.revision}_[a-z0-9]+(_[a-z0-9]+)+\.py", Path(revision.path).name)


def test_no_revision_imports_the_package(revisions):
    for revision in revisions:
        tree = ast.parse(Path(revision.path).read_text())
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        assert not [module for module in modules if module.split(".")[0] == "feedback"], revision.path


def test_every_revision_has_a_tester_that_takes_data_up_and_down(revisions):
    for revision in revisions:
        tester = HERE / f"test_{revision.revision}.py"
        assert tester.exists(), f"{Path(revision.path).name} needs tests/migrations/{tester.name}"
        tests = {node.name for node in ast.parse(tester.read_text()).body if isinstance(node, ast.FunctionDef)}
        for way in ("upgrade", "downgrade"):
            assert any(name.startswith(f"test_{way}_") for name in tests), f"{tester.name} has no test_{way}_…"


@pytest.mark.fault("R8")
def test_the_newest_revision_is_what_the_models_say(bare_database, modelled, stand_at, revisions):
    stand_at(revisions[-1].revision)
    migrated, wanted = read_schema(bare_database), read_schema(modelled)
    assert migrated.keys() == wanted.keys()
    for table, parts in wanted.items():
        assert migrated[table] == parts, table


@pytest.mark.fault("R8")
def test_each_step_down_undoes_its_step_up(bare_database, stand_at, revisions):
    stages = ["base"] + [revision.revision for revision in revisions]
    seen = {"base": read_schema(bare_database)}
    for below, above in pairwise(stages):
        stand_at(above)
        seen[above] = read_schema(bare_database)
        is_kept = bare_database.is_sqlite and above in KEPT_SO_ON_SQLITE
        assert (seen[above] == seen[below]) == is_kept, f"{above} changes nothing"
        stand_at(below)
        assert read_schema(bare_database) == seen[below], f"{above} down"
        stand_at(above)
        assert read_schema(bare_database) == seen[above], f"{above} up again"
    assert seen["base"] == {}


@pytest.mark.fault("R8")
def test_all_the_way_down_and_up_again_ends_where_it_began(bare_database, stand_at, revisions):
    newest = revisions[-1].revision
    stand_at(newest)
    before = read_schema(bare_database)
    stand_at("base")
    assert read_schema(bare_database) == {}
    stand_at(newest)
    assert read_schema(bare_database) == before


def test_upgrading_twice_changes_nothing(database):
    from feedback import paths

    before = read_schema(database)
    migrate.upgrade(database, paths.migrations())
    assert read_schema(database) == before
    assert migrate.is_current(database, paths.migrations())

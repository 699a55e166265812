"""`docs/asvs.md` has each requirement of levels 1 and 2 once, and names only tests that exist."""

import ast
from collections import Counter

from tests.support.asvs import levels, rows
from tests.support.folders import ROOT


def names_of_tests():
    return {
        node.name
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_the_numbers_are_those_of_the_standard():
    assert Counter(levels().values()) == {1: 70, 2: 183, 3: 92}


def test_each_requirement_of_levels_1_and_2_has_one_line_in_order():
    wanted = [number for number, level in levels().items() if level < 3]
    assert [row.number for row in rows()] == wanted


def test_each_line_says_how_and_is_shown_by_a_test_or_says_why_not():
    bare = [
        row.number
        for row in rows()
        if not (row.about and row.how) or not (row.tests or row.is_absent or "**Not met**" in row.shown_by)
    ]
    assert bare == []


def test_every_test_that_is_named_exists():
    known = names_of_tests()
    assert len(known) > 500
    assert {name for row in rows() for name in row.tests} - known == set()

"""Small rooms: files and functions that fit on a screen."""

import ast
from statistics import median

from tests.house.repository import modules, named, tree

MOST_LINES = 300
MEDIAN_LINES = 80
MOST_FUNCTION_LINES = 40

LONG_FILES: dict[str, str] = {}
"""Files over the budget, each with its reason."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions over the budget, as `file:name`, each with its reason."""


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions():
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{named(path)}:{node.name}", node.end_lineno - node.lineno + 1


def test_no_file_is_longer_than_its_budget():
    long = {named(path): _lines(path) for path in modules() if _lines(path) > MOST_LINES}
    assert long.keys() == LONG_FILES.keys(), "an exception needs a reason, and goes when the file is short again"


def test_half_of_the_files_are_short():
    assert median(_lines(path) for path in modules() if _lines(path)) <= MEDIAN_LINES


def test_no_function_is_longer_than_its_budget():
    long = {name: lines for name, lines in _functions() if lines > MOST_FUNCTION_LINES}
    assert long.keys() == LONG_FUNCTIONS.keys(), long

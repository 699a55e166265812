"""No file and no function is so long that one loses the thread. Alarms, not aims."""

import ast

from tests.house.repository import modules, named, tree

MOST_LINES = 400
MOST_FUNCTION_LINES = 50


def test_no_file_is_longer_than_its_budget():
    lines = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_longer_than_its_budget():
    long = {
        f"{named(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MOST_FUNCTION_LINES
    }
    assert long == {}

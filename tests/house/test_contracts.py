"""Imports run one way, and every room is named in the contracts that say so."""

import subprocess
import sys
import tomllib

import pytest

from tests.house.repository import PACKAGE
from tests.support.folders import ROOT

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
MAY_KNOW = {"flask": {"web", "cli"}, "sql": {"persistence", "bootstrap"}}
"""Rooms that a contract leaves out on purpose: those it protects the others from, and the landing that joins them."""


def test_imports_run_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", MAY_KNOW)
def test_a_new_room_is_under_the_contract(contract):
    named = {module.removeprefix("feedback.") for module in CONTRACTS[contract]["source_modules"]}
    assert named == ROOMS - {"__init__", "__main__"} - MAY_KNOW[contract]

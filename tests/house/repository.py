"""What a clone holds: the files git tracks, and the package's modules as trees."""

import ast
import subprocess
from functools import cache
from pathlib import Path

from tests.support.folders import ROOT

PACKAGE = ROOT / "feedback"
TEMPLATES = ROOT / "templates"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, or of the unpacked archive where there is no git."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file())


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def named(path: Path) -> str:
    """A file's name as people write it."""
    return path.relative_to(ROOT).as_posix()

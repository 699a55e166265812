"""A host for the command line: folders of its own, and a way to run commands on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback.cli import main

Run = Callable[..., Result]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that name folders of this test alone."""
    monkeypatch.setenv("FEEDBACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FEEDBACK_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("FEEDBACK_TIMEZONE", "Europe/London")
    return tmp_path


@pytest.fixture
def run(folders: Path) -> Run:
    """Run a command on that host: `run("staff", "list")`."""
    return lambda *words, **more: CliRunner().invoke(main, list(words), **more)


@pytest.fixture
def installed(run: Run) -> Run:
    """The same host after `feedback init`."""
    done = run("init", "--clinic", "Harbour Lane", "--country", "gb", "--admin-email", "anna@clinic.example")
    assert done.exit_code == 0, done.output
    return run

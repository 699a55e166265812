"""A host for the command line: folders of its own, and a way to run commands on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback.bootstrap import open_installation
from feedback.cli import main
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import only_clinic
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.services.accounts.link_identity import accept_through_provider
from feedback.settings import read_settings

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


@pytest.fixture
def linked(installed: Run) -> Run:
    """The same, after Anna has taken up her invitation through the organisation's sign-in."""
    it = open_installation(read_settings())
    with it.database.writing(None) as uow:
        inside = uow.within(only_clinic(uow).id)
        (anna,) = list_staff(inside)
        hashed = identity_hash(it.keyring, Vouched("https://login.example", "anna-1", None, frozenset()))
        accept_through_provider(
            inside, it.clock, it.keyring, journal=it.journal, staff=anna, hashed=hashed, unused_password="x"
        )
    it.database.close()
    return installed

"""What an operator sets and types for the organisation's sign-in."""

import subprocess
import sys

import pytest

from feedback.bootstrap import open_installation
from feedback.domain.care import Role
from feedback.domain.errors import SettingsWrong
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.accounts.identities import identity_of
from feedback.persistence.audit import list_records
from feedback.persistence.clinic.clinics import only_clinic
from feedback.settings import read_settings

ANNA = ("anna@clinic.example", "--role", "clinic-admin")
WHOLE = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "rapport", "OIDC_CLIENT_SECRET": "x"}


def sets(monkeypatch, **settings):
    for name, value in settings.items():
        monkeypatch.setenv(f"FEEDBACK_{name}", value)


def state():
    """Anna's link, and what the log says last."""
    it = open_installation(read_settings())
    with it.database.reading(None) as uow:
        inside = uow.within(only_clinic(uow).id)
        (anna,) = list_staff(inside)
        found = identity_of(inside, anna.id), list_records(inside)[-1]
    it.database.close()
    return found


def test_breaking_glass_is_said_listed_and_written_down(linked):
    assert "active, through the organisation\n" in linked("staff", "list").output
    refused = linked("staff", "reinvite", *ANNA)
    assert refused.exit_code == 2
    assert "feedback staff break-glass" in refused.stderr
    assert "may sign in with password" in linked("staff", "break-glass", *ANNA).output
    link, record = state()
    assert link.keeps_password
    assert (record.actor, record.action) == ("operator", "staff.local_sign_in_allowed")
    assert "through the organisation or a password" in linked("staff", "list").output
    assert linked("staff", "reinvite", *ANNA).output.startswith("http://127.0.0.1:8000/invite/")
    assert "through the organisation only" in linked("staff", "break-glass", *ANNA, "--off").output
    link, record = state()
    assert not link.keeps_password
    assert record.action == "staff.local_sign_in_ended"


def test_an_ended_link_is_said_and_written_down(linked):
    assert "no longer linked" in linked("staff", "unlink", *ANNA).output
    link, record = state()
    assert link is None
    assert (record.actor, record.action) == ("operator", "staff.provider_unlinked")
    again = linked("staff", "unlink", *ANNA)
    assert (again.exit_code, "not linked" in again.stderr) == (2, True)
    assert linked("staff", "break-glass", *ANNA).exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OIDC_ISSUER", "http://login.example", "must look like https://"),
        ("OIDC_ISSUER", "https://login.example?x", "must look like https://"),
        ("OIDC_SCOPE", "profile", "must hold the word openid"),
        ("OIDC_GROUPS", "Care", "must look like Care=therapist"),
        ("OIDC_GROUPS", "Care=doctor", "roles are therapist, supervisor"),
        ("OIDC_GROUPS", "Care=therapist,Care=auditor", "must look like"),
        ("OIDC_CLIENT_ID", "", "is needed because FEEDBACK_OIDC_ISSUER is set"),
        ("OIDC_CLIENT_SECRET", "", "is needed because FEEDBACK_OIDC_ISSUER is set"),
    ],
)
def test_a_wrong_setting_names_itself_and_what_it_takes(folders, monkeypatch, name, value, said):
    sets(monkeypatch, **(WHOLE | {name: value}))
    with pytest.raises(SettingsWrong, match=f"^FEEDBACK_{name}: .*{said}"):
        read_settings()


def test_right_settings_are_read_and_the_secret_is_shown_nowhere(folders, monkeypatch):
    secrets = folders / "secrets"
    secrets.mkdir()
    (secrets / "feedback_oidc_client_secret").write_text("kept in a file\n")
    without = {name: value for name, value in WHOLE.items() if name != "OIDC_CLIENT_SECRET"}
    groups = "/staff/Care = therapist, cn=heads=supervisor,"
    sets(monkeypatch, **without, OIDC_GROUPS=groups, SECRETS_DIR=str(secrets))
    settings = read_settings()
    assert settings.oidc_client_secret == "kept in a file"
    assert "kept in a file" not in repr(settings)
    assert settings.oidc_roles == {"/staff/Care": Role.THERAPIST, "cn=heads": Role.SUPERVISOR}


WITHOUT_THE_EXTRA = """
import sys
from importlib.abc import MetaPathFinder
class Gone(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"authlib", "joserfc", "requests"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
import importlib.util
importlib.util.find_spec = lambda name, package=None: None
import feedback.web, feedback.cli
from feedback.settings import read_settings
print(read_settings().oidc_issuer)
"""


def test_without_the_extra_everything_else_is_there_and_the_setting_says_what_to_run(folders, monkeypatch):
    """In a process of its own, where the libraries of the extra cannot be found."""
    command = [sys.executable, "-c", WITHOUT_THE_EXTRA]
    assert subprocess.run(command, check=False, capture_output=True, text=True).stdout == "\n"
    sets(monkeypatch, **WHOLE)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "SettingsWrong: FEEDBACK_OIDC_ISSUER: needs a part that is not installed. Run: pip install" in done.stderr

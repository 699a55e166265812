"""The web's account cannot read the pool's private keys where what is due has one of its own; doctor says how it is."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from feedback.persistence.append_log import append_lines
from feedback.security.key_files import key_mode, read_key, write_key
from feedback.security.pool_access import look_at_pool
from tests.cli.test_doctor import clinic_is_ready, looks
from tests.cli.test_serve import free_port, serving
from tests.support.folders import ROOT

DUE, WEB, GROUP = 64_101, 64_102, 64_100
"""Numbers of accounts that nobody has."""

INIT = ("init", "--clinic", "Harbour Lane", "--country", "GB", "--admin-email", "anna@clinic.example")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_on_one_account_doctor_says_plainly_that_the_web_could_read_them(installed, folders):
    clinic_is_ready(folders)
    done = installed("doctor")
    assert done.exit_code == 0
    said = looks(done)["accounts    "]
    assert said.startswith("One account: the web process could read the private keys in")
    assert "docs/for-operators.md shows two accounts." in said


def test_a_pool_that_others_can_open_is_found_with_its_remedy(installed, folders):
    clinic_is_ready(folders)
    (folders / "keys/pool").chmod(0o750)
    done = installed("doctor")
    assert done.exit_code == 1
    assert f"Run: chmod 700 {folders / 'keys/pool'}" in done.stdout


def test_serve_says_it_once_and_works(installed, folders):
    with serving(free_port()) as process:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert said.count("One account: the web process could read") == 1


def test_serve_says_nothing_where_it_cannot_see_them(installed, folders):
    shutil.rmtree(folders / "keys/pool")  # as InaccessiblePaths= and an empty folder in its place look to it
    assert look_at_pool(folders / "keys").warning == ""
    with serving(free_port()) as process:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert "One account" not in said


def test_keys_are_open_to_the_group_where_their_folder_is_and_never_to_others(tmp_path):
    tmp_path.chmod(0o2750)
    key = tmp_path / "data.key"
    write_key(key, bytes(range(32)))
    assert (mode(key), key_mode(tmp_path)) == (0o440, 0o440)
    assert read_key(key) == bytes(range(32))
    for wrong in (0o444, 0o460, 0o441):
        key.chmod(wrong)
        with pytest.raises(Exception, match=f"chmod 440 {key}"):
            read_key(key)
    tmp_path.chmod(0o700)
    key.chmod(0o440)
    with pytest.raises(Exception, match=f"chmod 400 {key}"):
        read_key(key)
    for folder in (0o755, 0o770, 0o751):
        tmp_path.chmod(folder)
        assert key_mode(tmp_path) == 0o400


def test_the_journal_is_as_open_as_the_data_folder(tmp_path):
    before = os.umask(0o007)
    try:
        for folder, of_folder, of_file in ((0o2770, 0o2770, 0o660), (0o700, 0o700, 0o600), (0o777, 0o700, 0o600)):
            data = tmp_path / f"{folder:o}"
            data.mkdir()
            data.chmod(folder)
            append_lines(data / "journal/2026.txt", ["a line"])
            assert (mode(data / "journal"), mode(data / "journal/2026.txt")) == (of_folder, of_file)
    finally:
        os.umask(before)


@pytest.fixture
def host():
    """Folders as docs/for-operators.md has them for two accounts, where both can reach them."""
    if os.geteuid():
        pytest.skip("not checked: only root can act as two accounts")
    folder = Path(tempfile.mkdtemp(prefix="rapport-accounts-", dir="/tmp"))
    folder.chmod(0o755)
    for name, folder_mode in (("data", 0o2770), ("keys", 0o2750)):
        (folder / name).mkdir()
        os.chown(folder / name, DUE, GROUP)
        (folder / name).chmod(folder_mode)
    yield folder
    shutil.rmtree(folder)


def runs(host, uid, *words):
    """Run a command as one of the two."""
    environment = {
        **os.environ,
        "FEEDBACK_DATA_DIR": str(host / "data"),
        "FEEDBACK_KEYS_DIR": str(host / "keys"),
        "PYTHONPATH": str(ROOT),
        "HOME": "/nonexistent",
    }
    command = [sys.executable, "-m", "feedback", *words]
    try:
        return subprocess.run(
            command, env=environment, cwd="/", user=uid, group=GROUP, extra_groups=[], umask=0o007, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
    except PermissionError:
        pytest.skip(f"not checked: other accounts cannot run {sys.executable}")


def test_with_two_accounts_the_web_reads_all_keys_but_the_pools(host):
    made = runs(host, DUE, *INIT)
    if "Permission denied" in made.stderr and str(ROOT) in made.stderr:
        pytest.skip(f"not checked: other accounts cannot read {ROOT}")
    assert made.returncode == 0, made.stderr
    keys = host / "keys"
    assert {mode(path) for path in keys.glob("*.key")} == {0o440}
    assert (mode(keys / "pool") & 0o777, {mode(path) for path in (keys / "pool").glob("*.key")}) == (0o700, {0o400})
    invited = runs(host, WEB, "staff", "invite", "dana@clinic.example", "--role", "therapist")
    assert invited.returncode == 0, "the web's account writes to the same database"
    told = runs(host, WEB, "doctor").stdout
    assert f"Two accounts: account {WEB} cannot read {keys / 'pool'}, which belongs to account {DUE}." in told
    assert "cannot be written to" not in told
    (key,) = (keys / "pool").glob("*.key")
    for forbidden in (f"open({str(key)!r})", f"__import__('os').listdir({str(keys / 'pool')!r})"):
        tried = subprocess.run(
            [sys.executable, "-c", forbidden], user=WEB, group=GROUP, extra_groups=[], capture_output=True, check=False
        )
        assert b"PermissionError" in tried.stderr
    due = runs(host, DUE, "run-due", "--now", "2099-03-03")
    assert (due.returncode, due.stdout.startswith("Filed.")) == (0, True), due.stderr
    assert runs(host, WEB, "run-due", "--now", "2099-03-04").returncode == 1
    assert runs(host, WEB, "staff", "list").returncode == 0

"""No new keys where a database was written under others, however they came to be missing."""

import shutil

import pytest
from click.testing import CliRunner

from feedback.cli import main
from feedback.persistence.database import Database
from feedback.persistence.upkeep.examining import has_tables
from feedback.security.key_uses import PURPOSES

INIT = ("init", "--clinic", "Harbour Lane", "--country", "gb", "--admin-email", "anna@clinic.example")


def nothing_at_all(folders, _patch):
    shutil.rmtree(folders / "keys")


def an_empty_folder_as_after_a_wrong_mount(folders, _patch):
    shutil.rmtree(folders / "keys")
    (folders / "keys").mkdir(mode=0o700)


def another_folder_by_the_setting(folders, patch):
    patch.setenv("FEEDBACK_KEYS_DIR", str(folders / "elsewhere"))


def a_folder_with_the_pool_alone(folders, _patch):
    for path in (folders / "keys").glob("*.*"):
        path.unlink()


def some_keys_and_no_marks(folders, _patch):
    (folders / "keys/marks.txt").unlink()
    (folders / "keys/data.key").unlink()


def empty_marks(folders, _patch):
    (folders / "keys/marks.txt").chmod(0o600)
    (folders / "keys/marks.txt").write_text("")
    (folders / "keys/codes.key").unlink()


def a_database_that_cannot_be_read(folders, _patch):
    shutil.rmtree(folders / "keys")
    (folders / "data/feedback.db").write_bytes(b"no database at all" * 400)


MISSING = (
    nothing_at_all,
    an_empty_folder_as_after_a_wrong_mount,
    another_folder_by_the_setting,
    a_folder_with_the_pool_alone,
    some_keys_and_no_marks,
    empty_marks,
    a_database_that_cannot_be_read,
)


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")}


@pytest.mark.parametrize("order", [INIT, ("keys", "init")], ids=lambda order: " ".join(order[:2]))
@pytest.mark.parametrize("lack", MISSING, ids=lambda lack: lack.__name__)
def test_no_keys_are_drawn_beside_a_database(installed, folders, monkeypatch, lack, order):
    lack(folders, monkeypatch)
    before = files(folders)
    done = installed(*order)
    assert done.exit_code == 1, done.output
    assert done.stderr.count("\n") == 1
    assert "No such" not in done.stderr
    assert "none were drawn: set FEEDBACK_KEYS_DIR to the folder of its keys" in done.stderr
    assert str(folders / "data/feedback.db") in done.stderr
    assert {path: text for path, text in files(folders).items() if path.suffix == ".key"} == {
        path: text for path, text in before.items() if path.suffix == ".key"
    }


def test_a_key_that_a_new_version_brings_is_drawn_beside_the_others(installed, folders):
    marks = folders / "keys/marks.txt"
    marks.chmod(0o600)
    marks.write_text("".join(line for line in marks.read_text().splitlines(keepends=True) if "backups" not in line))
    (folders / "keys/backups.key").unlink()
    assert installed("keys", "init").exit_code == 0
    assert (folders / "keys/backups.key").exists()
    assert installed("keys", "check").exit_code == 0


def test_a_key_that_is_given_up_is_drawn_beside_the_others(installed, folders):
    (folders / "keys/nonces.key").unlink()
    assert installed("keys", "init").exit_code == 1
    assert installed("keys", "init", "--lost", "nonces").exit_code == 0


def test_the_keys_of_another_installation_are_not_called_ours(installed, folders, monkeypatch):
    monkeypatch.setenv("FEEDBACK_DATA_DIR", str(folders / "another"))
    monkeypatch.setenv("FEEDBACK_KEYS_DIR", str(folders / "anothers-keys"))
    assert installed(*INIT).exit_code == 0
    monkeypatch.setenv("FEEDBACK_DATA_DIR", str(folders / "data"))
    done = installed("keys", "init")
    assert done.exit_code == 1
    assert "is not the one this database was written under" in done.stderr


def test_a_file_without_content_is_no_database(run, folders):
    (folders / "data").mkdir(mode=0o700)
    (folders / "data/feedback.db").touch()
    assert run(*INIT).exit_code == 0


def test_tables_on_a_server_are_a_database(database, tmp_path, monkeypatch):
    assert has_tables(database)
    monkeypatch.setenv("FEEDBACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FEEDBACK_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    for order in (INIT, ("keys", "init")):
        done = CliRunner().invoke(main, order)
        assert done.exit_code == 1, done.output
        assert "none were drawn" in done.stderr
    assert not list((tmp_path / "keys").glob("*.key"))


def test_a_server_without_tables_is_none(bare_database):
    assert not has_tables(bare_database)


def test_a_server_that_is_silent_is_not_taken_for_a_new_one(run, folders, monkeypatch):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", "postgresql://feedback@127.0.0.1:9/feedback")
    done = run("keys", "init")
    assert done.exit_code == 1
    assert "does not answer, so no keys were drawn" in done.stderr
    assert not list((folders / "keys").glob("*.key"))


def test_a_new_installation_gets_them_all(run, folders):
    assert run("keys", "init").exit_code == 0
    assert {path.stem for path in (folders / "keys").glob("*.key")} == set(PURPOSES)
    assert not has_tables(Database(f"sqlite:///{folders / 'data/feedback.db'}"))

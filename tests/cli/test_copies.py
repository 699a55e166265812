"""Backing up, restoring and moving, from the command line."""

import shutil

import pytest


@pytest.fixture
def file(installed, folders):
    path = folders / "clinic.backup"
    done = installed("db", "backup", str(path))
    assert done.exit_code == 0, done.output
    assert "rows in" in done.stdout
    return path


def test_a_backup_is_restored_into_an_empty_folder(installed, folders, file):
    before = installed("staff", "list").stdout
    shutil.rmtree(folders / "data")
    done = installed("db", "restore", str(file))
    assert done.exit_code == 0, done.output
    assert "again" in done.stdout
    for line in before.splitlines():
        assert f"{line.split()[0]} ({line.split()[1]}) was invited" in done.stdout
    assert "Codes that open a form: 0." in done.stdout
    assert installed("db", "check").exit_code == 0
    assert installed("staff", "list").stdout == before


def test_a_clinic_in_use_is_not_replaced(installed, folders, file):
    done = installed("db", "restore", str(file))
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert str(folders / "data/feedback.db") in done.stderr
    assert installed("db", "check").exit_code == 0


def test_a_damaged_backup_leaves_an_empty_folder_empty(installed, folders, file):
    file.write_bytes(file.read_bytes()[:-1])
    shutil.rmtree(folders / "data")
    done = installed("db", "restore", str(file))
    assert done.exit_code == 1
    assert "cut short" in done.stderr
    assert not (folders / "data").exists()


def test_a_file_that_is_not_there_is_named(installed):
    done = installed("db", "restore", "/nowhere/clinic.backup")
    assert done.exit_code == 1
    assert "/nowhere/clinic.backup" in done.stderr


def test_a_clinic_moves_to_an_empty_database_and_not_to_a_used_one(installed, folders, monkeypatch):
    before = installed("staff", "list").stdout
    there = f"sqlite:///{folders / 'elsewhere.db'}"
    done = installed("db", "move", "--to", there)
    assert done.exit_code == 0, done.output
    assert "counts and sums are equal" in done.stdout
    assert installed("db", "move", "--to", there).exit_code == 1
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", there)
    assert installed("staff", "list").stdout == before


def test_an_address_that_is_none_is_refused_with_the_accepted_form(installed):
    done = installed("db", "move", "--to", "mysql://here/there")
    assert done.exit_code == 1
    assert "must look like" in done.stderr

"""Backing up, restoring and moving, from the command line."""

import shutil
from dataclasses import replace

import pytest

from feedback.bootstrap import open_installation
from feedback.persistence.accounts import accounts
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import only_clinic
from feedback.security.credentials import Passwords
from feedback.services.accounts.accept_invitation import accept_invitation, find_invited
from feedback.services.accounts.disable_staff import disable_staff
from feedback.settings import read_settings


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
    assert installed("db", "check").exit_code == 0
    assert installed("staff", "list").stdout == before


def takes_up(link, phrase):
    """Anna takes up her invitation; gives her account."""
    it = open_installation(read_settings())
    with it.database.writing(None) as uow:
        inside, anna = find_invited(uow, it.clock, it.keyring, link.strip().rpartition("/")[2])
        hashed = Passwords.insecure_for_tests().hash(phrase)
        accept_invitation(inside, it.clock, it.keyring, journal=it.journal, staff=anna, password_hash=hashed)
    it.database.close()


def signs_in(phrase):
    it = open_installation(read_settings())
    with it.database.reading(None) as uow:
        (anna,) = list_staff(uow.within(only_clinic(uow).id))
    it.database.close()
    return anna.is_active and Passwords.insecure_for_tests().matches(anna.password_hash, phrase)


def without_all_but_the_journal(folders):
    shutil.move(folders / "data/journal", folders / "journal")
    shutil.rmtree(folders / "data")
    (folders / "data").mkdir(mode=0o700)
    shutil.move(folders / "journal", folders / "data/journal")


def test_the_last_admin_whose_password_changed_since_is_let_in_again_from_the_command_line(installed, folders):
    reinvite = ("staff", "reinvite", "anna@clinic.example", "--role", "clinic-admin")
    takes_up(installed(*reinvite).stdout, "seven quiet otters swim")
    file = str(folders / "clinic.backup")
    assert installed("db", "backup", file).exit_code == 0
    takes_up(installed(*reinvite).stdout, "nine loud badgers dig")
    without_all_but_the_journal(folders)
    done = installed("db", "restore", file)
    assert done.exit_code == 0, done.output
    assert "password changed since, so the old one was made unusable: anna@clinic.example (clinic-admin)" in done.stdout
    assert "feedback staff reinvite anna@clinic.example --role clinic-admin" in done.stdout
    assert "No clinic admin can sign in." in done.stdout
    assert not signs_in("seven quiet otters swim")
    takes_up(installed(*reinvite).stdout, "ten tall herons wade")
    assert signs_in("ten tall herons wade")


def test_where_all_admins_are_disabled_another_is_invited_from_the_command_line(installed, folders):
    takes_up(
        installed("staff", "reinvite", "anna@clinic.example", "--role", "clinic-admin").stdout, "seven quiet otters"
    )
    file = str(folders / "clinic.backup")
    assert installed("db", "backup", file).exit_code == 0
    it = open_installation(read_settings())
    with it.database.writing(None) as uow:
        inside = uow.within(only_clinic(uow).id)
        (anna,) = list_staff(inside)
        accounts.add_staff(inside, replace(anna, id="noor", email="noor@clinic.example"))
        disable_staff(inside, it.clock, it.keyring, journal=it.journal, staff=anna, by="noor")
    it.database.close()
    without_all_but_the_journal(folders)
    done = installed("db", "restore", file)
    assert "account disabled: anna@clinic.example (clinic-admin)" in done.stdout
    assert "feedback staff invite E-MAIL --role clinic-admin" in done.stdout
    asked = installed("staff", "invite", "noor@clinic.example", "--role", "clinic-admin")
    assert asked.exit_code == 0, asked.output
    assert "/invite/" in asked.stdout


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

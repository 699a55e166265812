"""`feedback doctor` finds what is not in order, names it and says what to do; and changes nothing."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from feedback.services.upkeep import examine
from feedback.services.upkeep.examine import LOOKS


def clinic_is_ready(folders):
    with closing(sqlite3.connect(folders / "data/feedback.db")) as connection, connection:
        connection.execute("UPDATE clinics SET contact = 'Front desk'")


@pytest.fixture
def well(installed, folders):
    clinic_is_ready(folders)
    return installed


def looks(done):
    return dict(re.findall(r"^\w{4}  (.{12})  (.*(?:\n {20}.*)?)", done.stdout, re.MULTILINE)) | {
        "status": done.exit_code
    }


def test_all_is_well_after_the_contact_is_set(well):
    done = well("doctor")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("well  ") == len(LOOKS)


def test_a_new_clinic_is_told_what_is_still_to_do(installed):
    done = installed("doctor")
    assert done.exit_code == 1
    assert "help numbers and a second contact" in done.stdout
    assert done.stdout.count("LOOK") == 1


def an_open_folder(folders, _patch):
    (folders / "data").chmod(0o755)


def a_lost_key(folders, _patch):
    (folders / "keys/codes.key").unlink()


def a_key_others_can_read(folders, _patch):
    (folders / "keys/codes.key").chmod(0o444)


def keys_beside_the_data(folders, patch):
    shutil.move(folders / "keys", folders / "data/keys")
    patch.setenv("FEEDBACK_KEYS_DIR", str(folders / "data/keys"))


def no_https(_folders, patch):
    patch.setenv("FEEDBACK_BASE_URL", "http://feedback.clinic.example")


def no_trusted_proxy(_folders, patch):
    patch.setenv("FEEDBACK_BASE_URL", "https://feedback.clinic.example")


def no_room(_folders, patch):
    patch.setattr(examine, "LEAST_FREE_BYTES", 1 << 60)


def a_damaged_page(folders, _patch):
    file = folders / "data/feedback.db"
    content = bytearray(file.read_bytes())
    for place in range(4096, len(content), 4096):
        content[place : place + 8] = b"\xff" * 8
    file.write_bytes(content)


def a_clock_that_fell_back(folders, _patch):
    later = datetime(2999, 1, 1, tzinfo=UTC).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(folders / "data/feedback.db")) as connection, connection:
        connection.execute("UPDATE audit_log SET at = ?", (f"{later}.000000",))


def no_filing_for_days(folders, _patch):
    with closing(sqlite3.connect(folders / "data/feedback.db")) as connection, connection:
        connection.execute("UPDATE submission_keys SET rewritten_on = '2020-01-01'")


def a_pool_key_that_is_elsewhere(folders, _patch):
    shutil.rmtree(folders / "keys/pool")


def a_mail_server_that_is_silent(_folders, patch):
    patch.setenv("FEEDBACK_SMTP_URL", "smtp://127.0.0.1:9")
    patch.setenv("FEEDBACK_MAIL_FROM", "rapport@clinic.example")


def a_mail_server_without_a_sender(_folders, patch):
    patch.setenv("FEEDBACK_SMTP_URL", "smtp://127.0.0.1:9")


FAULTS = {
    "an open folder": (an_open_folder, "chmod 700"),
    "a lost key": (a_lost_key, "codes"),
    "a key others can read": (a_key_others_can_read, "codes.key"),
    "keys beside the data": (keys_beside_the_data, "FEEDBACK_KEYS_DIR"),
    "no https": (no_https, "proxy with https"),
    "no trusted proxy": (no_trusted_proxy, "FEEDBACK_TRUSTED_PROXIES"),
    "no room": (no_room, "Make room"),
    "a damaged page": (a_damaged_page, "restore the last backup"),
    "a clock that fell back": (a_clock_that_fell_back, "Set the clock"),
    "no filing for days": (no_filing_for_days, "feedback run-due"),
    "a mail server that is silent": (a_mail_server_that_is_silent, "FEEDBACK_SMTP_URL"),
    "a mail server without a sender": (a_mail_server_without_a_sender, "FEEDBACK_MAIL_FROM"),
    "a pool key that is elsewhere": (a_pool_key_that_is_elsewhere, "on the host that has it"),
}


@pytest.mark.parametrize(("fault", "remedy"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found_with_its_remedy(well, folders, monkeypatch, fault, remedy):
    fault(folders, monkeypatch)
    done = well("doctor")
    assert done.exit_code == 1, done.output
    assert "LOOK" in done.stdout
    assert remedy in done.stdout


def test_no_database_is_said_and_the_other_looks_are_taken_all_the_same(run, folders):
    done = run("doctor")
    assert done.exit_code == 1
    assert "feedback init" in done.stdout
    assert len(re.findall(r"^(?:well|LOOK)  ", done.stdout, re.MULTILINE)) == len(LOOKS)
    assert not (folders / "data/feedback.db").exists()

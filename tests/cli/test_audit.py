"""`feedback audit` on a host."""

import json
import sqlite3
import stat
from contextlib import closing

import pytest


def damages(folders, statement):
    with closing(sqlite3.connect(folders / "data/feedback.db")) as database:
        database.execute(statement)
        database.commit()


def test_a_whole_log_is_said_to_be_whole(installed):
    installed("staff", "invite", "dana@clinic.example", "--role", "therapist")
    done = installed("audit", "verify")
    assert (done.exit_code, done.stdout) == (0, "The log is whole: 3 records, each as it was written.\n")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE number = 2", "Record 2 is not as it was written."),
        ("DELETE FROM audit_log WHERE number = 2", "Record 2 is missing"),
        ("DELETE FROM audit_log WHERE number = 1", "Record 1 is missing"),
    ],
)
def test_the_first_bad_record_is_named_in_one_line(installed, folders, statement, said):
    damages(folders, statement)
    done = installed("audit", "verify")
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_export_is_a_new_file_for_its_owner_and_can_be_held_against_the_log(installed, folders):
    file = folders / "log.jsonl"
    assert installed("audit", "export", str(file)).exit_code == 0
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["action"] for line in lines] == ["clinic.installed", "staff.invited"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert installed("audit", "export", str(file)).exit_code == 2, "it never writes over a file"
    assert installed("audit", "verify", "--against", str(file)).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("operator", "somebody"), encoding="utf-8")
    done = installed("audit", "verify", "--against", str(file))
    assert done.exit_code == 1
    assert "Record 1 of" in done.stderr


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"number": "x"}', '{"other": 1}', "\x00"])
def test_a_file_that_is_no_export_is_said_in_one_line(installed, folders, content):
    file = folders / "other"
    file.write_text(content or "{}", encoding="utf-8")
    done = installed("audit", "verify", "--against", str(file))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1

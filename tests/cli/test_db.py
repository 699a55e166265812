"""The shape of the database, from the command line."""

import sqlite3
from contextlib import closing


def tables(file):
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_fresh_installation_is_up_to_date(installed):
    assert "in order, at revision" in installed("db", "check").stdout
    assert "Nothing was changed" in installed("db", "upgrade").stdout


def test_down_and_up_again_leave_copies_with_what_was_there(installed, folders):
    data = folders / "data"
    down = installed("db", "downgrade", "base", input="y\n")
    assert down.exit_code == 0
    assert tables(data / "feedback.db") <= {"alembic_version", "sqlite_stat1"}
    copies = list(data.glob("feedback.db.before-*.copy"))
    assert [file.stat().st_mode & 0o777 for file in copies] == [0o600]
    assert str(copies[0]) in down.stdout
    with closing(sqlite3.connect(copies[0])) as connection:
        assert connection.execute("SELECT name FROM clinics").fetchall() == [("Harbour Lane",)]
    assert installed("db", "check").exit_code == 1
    assert installed("db", "upgrade").exit_code == 0
    assert installed("db", "check").exit_code == 0


def test_a_downgrade_asks_first(installed, folders):
    assert installed("db", "downgrade", "base", input="n\n").exit_code == 1
    assert "clinics" in tables(folders / "data/feedback.db")


def test_an_unknown_revision_is_refused_with_the_known_ones(installed):
    done = installed("db", "downgrade", "9999", "--yes")
    assert done.exit_code == 2
    assert "base" in done.stderr


def test_no_database_is_said_and_none_is_made(run, folders):
    for order in ("check", "upgrade"):
        done = run("db", order)
        assert done.exit_code == 1
        assert "feedback init" in done.stderr
    assert not (folders / "data").exists()


def test_a_server_that_does_not_answer_is_named_without_its_password(run, monkeypatch):
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", "postgresql://feedback:secret-word@127.0.0.1:9/feedback")
    done = run("db", "check")
    assert done.exit_code == 1
    assert "127.0.0.1:9" in done.stderr
    assert "secret-word" not in done.stderr

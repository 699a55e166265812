"""0019 finds what clients told, and can archive a team: answers and teams stay as they are, both ways."""

from datetime import date

from sqlalchemy import select

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, indexed, only_row, put

TEAM = {"clinic_id": "clinic", "id": "t1", "name": "North"}
PLACE = {"clinic_id": "clinic", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A"}
RESPONSE = PLACE | {
    "instrument_id": "rapport-session", "instrument_version": 1, "language": "en", "steps": 11,
    "who_reads_version": 2, "score": 10.0, "sealed_comment": b"sealed", "nonce_hash": b"n", "receipt_hash": b"r",
    "counted_for": "dana",
}  # fmt: skip
ANSWER = PLACE | {"item_id": "wish", "choice": "bring_up", "value": None}
BEFORE = {
    "clinics": CLINIC, "teams": TEAM, "staff": STAFF | {"team_id": "t1"}, "cases": CASE, "therapy_sessions": MEETING,
    "responses": RESPONSE, "answers": ANSWER,
}  # fmt: skip
MARK = PLACE | {"by_staff": "dana", "on_day": date(2026, 1, 7)}
READ = {"clinic_id": "clinic", "staff_id": "dana", "subject": "K7Q2X-M", "on_day": date(2026, 1, 7)}


def test_upgrade_archives_no_team_and_finds_what_was_told(bare_database, stand_at):
    put(bare_database, stand_at("0018"), **BEFORE)
    tables = stand_at("0019")
    assert only_row(bare_database, tables, "teams") == TEAM | {"archived_on": None}
    assert only_row(bare_database, tables, "responses") == RESPONSE
    assert only_row(bare_database, tables, "answers") == ANSWER
    for table in ("answers", "responses"):
        assert ["clinic_id", "case_code"] in indexed(bare_database, table)
    put(bare_database, tables, told_marks=MARK, reads=READ)
    assert only_row(bare_database, tables, "told_marks") == MARK


def test_a_mark_goes_with_its_answer(bare_database, stand_at):
    put(bare_database, stand_at("0019"), **BEFORE | {"told_marks": MARK})
    tables = stand_at("0019")
    with bare_database.writing(None) as uow:
        uow.connection.execute(tables.tables["responses"].delete())
    with bare_database.reading(None) as uow:
        assert uow.connection.execute(select(tables.tables["told_marks"])).all() == []


def test_downgrade_keeps_answers_and_teams(bare_database, stand_at):
    before = BEFORE | {"teams": TEAM | {"archived_on": date(2026, 3, 1)}, "told_marks": MARK, "reads": READ}
    put(bare_database, stand_at("0019"), **before)
    tables = stand_at("0018")
    assert only_row(bare_database, tables, "teams") == TEAM
    assert only_row(bare_database, tables, "responses") == RESPONSE
    assert only_row(bare_database, tables, "answers") == ANSWER
    assert not {"told_marks", "reads"} & set(tables.tables)

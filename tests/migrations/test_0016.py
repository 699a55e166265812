"""0016 keeps what a caseload is put in order by: worked out from what is there, and let go of again."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.migrations.rows import CASE, CLINIC, MEETING, STAFF, only_row, put

SILENT = CASE | {"code": "K7Q3X-9"}
FOUND = {
    "method": "switching", "version": "3", "probability": 0.9, "flag": True, "level": "likely", "forms": 4,
    "value": 4.5, "expected_low": 6.0, "expected_high": 8.0,
    "evidence": [
        {"kind": "below_range", "item": None, "value": 4.5, "usual": 7.0, "count": None, "option": None},
        {"kind": "direct", "item": "off", "value": 2.0, "usual": None, "count": None, "option": "yes"},
    ],
}  # fmt: skip
FLAG = {
    "clinic_id": "clinic", "id": "f1", "case_code": "K7Q2X-M", "session_number": 1, "seat": "A",
    "status": "talk_planned", "held_on": date(2026, 1, 6), "finding": json.dumps(FOUND),
}  # fmt: skip
MEETINGS = [MEETING, MEETING | {"number": 2, "held_on": date(2026, 1, 20)}, MEETING | {"number": 3}]
BEFORE = {"clinics": CLINIC, "staff": STAFF, "cases": [CASE, SILENT], "therapy_sessions": MEETINGS}


def _weights(database, tables):
    flags = tables.tables["rupture_flags"]
    with database.reading(None) as uow:
        rows = uow.connection.execute(select(flags.c.id, flags.c.direct, flags.c.fell_by))
        return {row.id: (row.direct, row.fell_by) for row in rows}


def test_upgrade_gives_each_case_the_day_of_its_last_session(bare_database, stand_at):
    put(bare_database, stand_at("0015"), **BEFORE)
    cases = stand_at("0016").tables["cases"]
    with bare_database.reading(None) as uow:
        days = uow.connection.execute(select(cases.c.code, cases.c.last_held_on)).all()
    assert dict(map(tuple, days)) == {CASE["code"]: date(2026, 1, 20), SILENT["code"]: None}


@pytest.mark.parametrize(
    ("found", "weighs"),
    [
        (FOUND, (2.0, 2.5)),
        (FOUND | {"value": 7.5}, (2.0, 0.0)),
        (FOUND | {"evidence": []}, (0.0, 2.5)),
        (FOUND | {"expected_low": None, "expected_high": None}, (2.0, 0.0)),
    ],
)
def test_upgrade_weighs_what_was_found(bare_database, stand_at, found, weighs):
    put(bare_database, stand_at("0015"), **BEFORE, rupture_flags=FLAG | {"finding": json.dumps(found)})
    tables = stand_at("0016")
    assert _weights(bare_database, tables) == {"f1": weighs}
    assert only_row(bare_database, tables, "rupture_flags")["finding"] == json.dumps(found)


def test_upgrade_weighs_every_finding_and_no_withdrawn_one(bare_database, stand_at):
    many = [FLAG | {"id": f"f{number:04}", "session_number": number} for number in range(1, 2_003)]
    many[7]["finding"] = None
    sessions = [MEETING | {"number": number} for number in range(1, 2_003)]
    put(bare_database, stand_at("0015"), **BEFORE | {"therapy_sessions": sessions}, rupture_flags=many)
    found = _weights(bare_database, stand_at("0016"))
    assert found.pop("f0008") == (None, None)
    assert len(found) == 2_001
    assert set(found.values()) == {(2.0, 2.5)}


@pytest.mark.parametrize("left", ["direct", "fell_by"])
def test_upgrade_lets_no_weight_outlive_its_finding(bare_database, stand_at, left):
    tables = stand_at("0016")
    withdrawn = FLAG | {"finding": None, "direct": None, "fell_by": None}
    with pytest.raises(IntegrityError, match=f"{left}_of_finding"):
        put(bare_database, tables, **BEFORE, rupture_flags=withdrawn | {left: 2.0})
    put(bare_database, tables, **BEFORE, rupture_flags=withdrawn)


def test_downgrade_keeps_the_flags_and_cases(bare_database, stand_at):
    day = {"last_held_on": date(2026, 1, 20)}
    flag = FLAG | {"direct": 2.0, "fell_by": 2.5}
    put(
        bare_database,
        stand_at("0016"),
        **BEFORE | {"cases": [CASE | day, SILENT | {"last_held_on": None}]},
        rupture_flags=flag,
    )
    tables = stand_at("0015")
    assert only_row(bare_database, tables, "rupture_flags") == FLAG
    with bare_database.reading(None) as uow:
        assert uow.connection.scalar(select(func.count()).select_from(tables.tables["cases"])) == 2

"""0018 seals what waited and what was filed: nothing is lost, and no byte links a row to one of a copy made before."""

from datetime import date

import pytest
from sqlalchemy import inspect, select

from feedback.domain.figures.submissions import Submission
from feedback.security.sealed_box import make_submission_key, open_sealed, read_submission_key, seal_to
from tests.migrations.rows import CLINIC, only_row, put
from tests.migrations.test_0002 import ANONYMOUS

FORMER = {
    "clinic": "clinic", "month": "2026-03", "instrument": "rapport-session", "version": 1, "steps": 11,
    "ratings": {"heard": 6.5}, "direct": "yes", "receipt": "0e",
}  # fmt: skip


@pytest.fixture
def before(bare_database, stand_at, tmp_path):
    """Two answers that waited, one under a lost key; two that were filed, one withdrawn; and tenant look-ups."""
    public = make_submission_key(tmp_path, "k2")
    sealed = seal_to(public, FORMER)
    waiting = {"clinic_id": "clinic", "id": b"\x0d", "receipt_hash": b"\x0e", "key_id": "k2", "sealed": sealed}
    rows = {
        "clinics": CLINIC,
        "pool_keys": [{"id": "k2", "public_key": public, "made_on": date(2026, 3, 2)}],
        "pool": [waiting, waiting | {"id": b"\x0f", "receipt_hash": b"\x10", "key_id": "lost"}],
        "anonymous_responses": [
            ANONYMOUS,
            ANONYMOUS | {"id": "5Z9", "receipt_hash": b"\x12", "withdrawn": True},
        ],
        "doors": [
            {"kind": kind, "hash": hashed, "clinic_id": "clinic"}
            for kind, hashed in (
                ("receipt", b"\x0e"), ("receipt", b"\x10"), ("receipt", b"\x11"), ("receipt", b"\x99"),
                ("token", b"\x11"),
            )
        ],
    }  # fmt: skip
    put(bare_database, stand_at("0017"), **rows)
    return bare_database, sealed


def found(database, tables, name):
    with database.reading(None) as uow:
        return uow.connection.execute(select(tables.tables[name])).mappings().all()


def test_upgrade_keeps_what_waited_and_what_was_filed_and_not_what_was_withdrawn(before, stand_at, tmp_path):
    database, _ = before
    rows = found(database, stand_at("0018"), "sealed_submissions")
    private = read_submission_key(tmp_path, "k2")
    opened = [open_sealed(private, row["sealed"]) for row in rows]
    sent = sorted((Submission.from_sealed(each) for each in opened), key=lambda each: each.direct)
    assert [(each.direct, each.ratings, each.held_on) for each in sent] == [
        ("no", ANONYMOUS["ratings"], date(2026, 3, 1)),
        ("yes", FORMER["ratings"], date(2026, 3, 1)),
    ]
    assert {each["receipt"] for each in opened} == {"0e", "11"}
    assert {(row["clinic_id"], row["key_id"]) for row in rows} == {("clinic", "k2")}


def test_upgrade_leaves_no_byte_of_a_row_equal_to_one_of_before(before, stand_at):
    database, sealed = before
    tables = stand_at("0018")
    rows = found(database, tables, "sealed_submissions")
    assert {bytes(row["id"]) for row in rows}.isdisjoint({b"\x0d", b"\x0e", b"\x0f", b"\x10", b"\x11", b"4Z9"})
    assert {len(row["id"]) for row in rows} == {32}
    pieces = [sealed[start : start + 16] for start in range(0, len(sealed), 16)]
    assert not [piece for piece in pieces for row in rows if piece in row["sealed"]]


def test_receipts_of_unseen_answers_lead_nowhere_and_the_others_as_before(before, stand_at):
    database, _ = before
    kept = {(row["kind"], bytes(row["hash"])) for row in found(database, stand_at("0018"), "doors")}
    assert kept == {("receipt", b"\x99"), ("token", b"\x11")}
    assert {"pool", "pool_keys", "anonymous_responses"}.isdisjoint(inspect(database.engine).get_table_names())


def test_downgrade_keeps_the_keys_and_gives_up_what_the_version_before_cannot_read(before, stand_at):
    database, _ = before
    stand_at("0018")
    tables = stand_at("0017")
    assert only_row(database, tables, "pool_keys")["id"] == "k2"
    assert found(database, tables, "pool") == found(database, tables, "anonymous_responses") == []
    stand_at("0018")


def test_filed_answers_without_a_key_stop_the_upgrade_with_the_remedy(bare_database, stand_at):
    put(bare_database, stand_at("0017"), clinics=CLINIC, anonymous_responses=ANONYMOUS)
    with pytest.raises(RuntimeError, match="file-pool"):
        stand_at("0018")

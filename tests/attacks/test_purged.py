"""A thief takes the files after answers had their time and the night's work is done, and looks for them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from feedback.persistence.tables import access_codes, findings, responses, rupture_flags
from feedback.security.access_codes import SystemChance
from feedback.services.upkeep.run_scheduled_jobs import run_due
from tests.support.answering import LOW, sends
from tests.support.written import everything_written


@pytest.fixture(autouse=True)
def real_chance(world):
    """Ids and codes as in production: seeded ones would lie in the files of earlier tests."""
    world.installation = replace(world.installation, chance=SystemChance())


def night_of(world, day):
    it = world.on(day).installation
    run_due(it.database, it.clock, it.keyring, SystemChance(), journal=it.journal, rule=it.rule)


def found(world, marks):
    """Give those marks that lie in some file, but for PostgreSQL's log, which is recycled in its own time."""
    written = everything_written(world.installation).outside_the_log()
    return [mark for mark in marks if written.holding(mark)]


def only(world, *columns):
    with world.reading() as uow:
        return uow.connection.execute(select(*columns)).one()


@pytest.mark.own_server
def test_no_file_holds_what_had_its_time(world):
    case = world.opens_a_case()
    used, unused = (world.shows_a_code(case, world.meets(case)) for _ in range(2))
    sends(world, used, LOW, off="yes", comment="Too fast.")
    comment, *hashes = only(world, responses.c.sealed_comment, responses.c.nonce_hash, responses.c.receipt_hash)
    flag_id, reasons = only(world, rupture_flags.c.id, rupture_flags.c.finding)
    (evidence,) = only(world, findings.c.evidence)
    with world.reading() as uow:
        rows = uow.connection.execute(select(access_codes).where(access_codes.c.id == unused.code.id)).one()
    codes = [rows.token_hash, rows.sealed_token, rows.sealed_typed, used.code.sealed_token]
    marks = [comment, *hashes, *codes, flag_id.encode(), reasons.encode(), evidence.encode()]
    assert found(world, marks) == marks, "the search would find them"
    night_of(world, "2026-03-13")
    assert found(world, codes) == []
    night_of(world, "2026-06-20")
    assert found(world, [comment]) == []
    night_of(world, "2027-03-04")
    assert found(world, marks) == []

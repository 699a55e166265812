"""A backup from before: what was taken back since stays taken back, what was published since is not drawn anew."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from feedback.domain.audience import Audience
from feedback.domain.figures.period import Period
from feedback.persistence.figures import ledger
from feedback.persistence.tables import responses, taken_back
from feedback.security.access_codes import SystemChance
from feedback.services.answers.disown_response import disown_response
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.figures.open_submissions import open_submissions
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.write_backup import write_backup
from tests.support.answering import LOW, meets_and_sends, sends
from tests.support.figures import a_clinic_of, answered, closes
from tests.support.nightly import rewrites
from tests.support.world import World

pytestmark = pytest.mark.fault("R9")


def put_back(world, shelf, tmp_path):
    """Restore the backup on a new server that has the old one's journal, and give the clinic there."""
    it = world.installation
    (tmp_path / "new").mkdir()
    lent = shelf.empty(tmp_path / "new")
    database = lent.__enter__()
    restore_backup(
        database, it.clock, it.keyring, SystemChance(), journal=it.journal, file=tmp_path / "backup", by="operator"
    )
    return lent, World(replace(it, database=database), world.clinic, world.therapist)


def withdraws(world, receipt):
    it = world.installation
    with it.database.writing(None) as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)


def test_answers_taken_back_after_a_backup_do_not_come_back_with_it(world, shelf, tmp_path):
    it = world.installation
    case = world.on("2026-03-01").opens_a_case()
    meets_and_sends(world, case, "2026-03-01", LOW)
    shared = sends(world, world.shows_a_code(case, world.meets(case)), LOW, comment="Too fast.")
    meets_and_sends(world, case, "2026-03-02", LOW)
    counted = [
        sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS) for _ in range(6)
    ]
    rewrites(world)
    write_backup(it.database, it.keyring, tmp_path / "backup")
    withdraws(world, shared)
    withdraws(world, counted[0])
    with world.writing() as uow:
        disown_response(
            uow, it.clock, it.keyring, it.chance,
            journal=it.journal, case=case, number=3, seat="A", by=world.therapist,
        )  # fmt: skip
    lent, there = put_back(world, shelf, tmp_path)
    with there.reading() as uow:
        assert uow.connection.scalars(select(responses.c.session_number)).all() == [1]
        quarter = open_submissions(uow, there.installation.keyring, it.journal, Period.read("2026-Q1"))
        assert (len(quarter.unseen.answers), quarter.unseen.contested) == (5, 0)
        hashes = set(uow.connection.scalars(select(taken_back.c.receipt_hash)))
        assert hashes >= {hashed for _, hashed in it.journal.withdrawn()}, "the same form brings none of them back"
    lent.__exit__(None, None, None)


def test_periods_closed_after_a_backup_come_back_as_they_were_drawn(world, shelf, tmp_path):
    it = world.installation
    codes = a_clinic_of(world, cases_each=10)
    answered(world, date(2026, 3, 10), codes, flagged=codes[:30])
    march = closes(world, "2026-03")
    write_backup(it.database, it.keyring, tmp_path / "backup")
    quarter = closes(world, "2026-Q1")
    lent, there = put_back(world, shelf, tmp_path)
    with there.reading() as uow:
        assert [entry.release for entry in ledger.list_entries(uow)] == [march, quarter]
    assert closes(there, "2026-Q1") == quarter
    lent.__exit__(None, None, None)

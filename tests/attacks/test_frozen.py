"""A5, A7 and a part of A9: what is closed stays closed, whatever comes in late, is taken back or is restored."""

import os
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from feedback.domain.figures.period import Period
from feedback.persistence.figures import ledger
from feedback.persistence.tables import ledger as ledger_table
from feedback.persistence.tables import responses
from feedback.security.access_codes import SystemChance
from feedback.services.figures import close_release as closing
from feedback.services.figures.close_due import close_due
from feedback.services.figures.ledger_recovery import check_ledger
from tests.support.figures import a_clinic_of, answered, closes, counted_in

EXPORTS, RESTORES = (1000, 50) if os.environ.get("SOAK") else (40, 6)
MARCH = date(2026, 3, 10)
OTHER_MARCH = date(2026, 3, 24)


@pytest.fixture
def clinic(world):
    """A clinic of 60 cases in two teams that answered twice in March, some only counted."""
    world.codes = a_clinic_of(world, cases_each=10)
    answered(world, MARCH, world.codes, flagged=world.codes[:20])
    counted_in(world, "2026-03", 8)
    return world


def published(world):
    """Everything that can be exported of the closed periods, to the byte."""
    with world.reading() as uow:
        return {str(entry.period): entry.line for entry in ledger.list_entries(uow)}


def run_on(world, day):
    there = world.on(day).installation
    close_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)


def test_an_export_every_day_shows_no_byte_of_one_withdrawal_or_one_late_answer(clinic, record_property):
    run_on(clinic, "2026-04-08")
    first, changed = published(clinic), 0
    assert set(first) == {"2026-03", "2026-Q1"}
    for number in range(10):
        if number == 3:
            answered(clinic, OTHER_MARCH, clinic.codes[:1], number=2, flagged=clinic.codes[:1])
        if number == 6:
            with clinic.writing() as uow:
                gone = responses.delete().where(responses.c.case_code == clinic.codes[5])
                uow.connection.execute(gone)
        run_on(clinic, date(2026, 4, 9) + timedelta(days=number))
        changed += published(clinic) != first
    assert changed == 0
    record_property("figure", f"A5: days on which a byte of a closed period changed: {changed} of 10")


def distinct_values(world):
    """Export many times, and restore the database from before it knew of any release in between."""
    seen = set()
    for restore in range(RESTORES):
        with world.writing() as uow:
            uow.connection.execute(ledger_table.delete())
        for _ in range(EXPORTS // RESTORES if restore else 1):
            seen.add(closes(world, "2026-03").figures)
    return len(seen)


def test_exports_and_restores_give_one_value_per_cell(clinic, record_property):
    closes(clinic, "2026-03")
    distinct = distinct_values(clinic)
    assert distinct == 1
    with clinic.reading() as uow:
        assert check_ledger(uow, clinic.installation.journal)
    record_property("figure", f"A7: {EXPORTS:,} exports, {RESTORES} restores: distinct values per cell {distinct}")


def test_without_freezing_every_export_would_be_a_new_draw(clinic, monkeypatch, record_property):
    monkeypatch.setattr(closing.ledger, "find_entry", lambda _uow, _period: None)
    monkeypatch.setattr(closing.ledger, "add_entry", lambda _uow, _entry: None)
    monkeypatch.setattr(closing, "take_in_journal", lambda _uow, _journal: 0)
    distinct = distinct_values(clinic)
    assert distinct > 1
    record_property("figure", "A9: without freezing: red")


@pytest.mark.fault("R7")
def test_the_database_itself_refuses_a_second_draw_of_a_period(clinic):
    from sqlalchemy.exc import IntegrityError

    closes(clinic, "2026-03")
    with clinic.writing() as uow:
        row = dict(uow.connection.execute(select(ledger_table)).mappings().one())
        with pytest.raises(IntegrityError):
            uow.connection.execute(insert(ledger_table).values(row | {"number": 2}))
    assert Period.read(row["period"]) == Period.read("2026-03")

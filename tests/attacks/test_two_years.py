"""A clinic's whole two years through the real code, every file of every quarter kept by somebody who reads them all.

Meanwhile answers come in late, are taken back, are only counted; therapists change teams and leave; the database is put
back from a copy that knows nothing of what was published. Closed periods stay as they are to the byte, and nobody can
work out a small cell.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from feedback.domain.figures.measures import CLIENTS_FLAGGED, CLIENTS_NOT_FLAGGED
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import LatticeLevel
from feedback.exporters import Format, export
from feedback.persistence.figures import ledger
from feedback.persistence.tables import ledger as ledger_table
from feedback.persistence.tables import responses, staff
from feedback.security.access_codes import SystemChance
from feedback.services.answers.withdraw_response import withdraw_by_hash
from feedback.services.figures.close_due import close_due
from feedback.services.figures.ledger_recovery import check_ledger
from tests.attacks.adversary import flag_extents
from tests.attacks.files import read_files
from tests.support.figures import a_clinic_of, answered, counted_in

QUARTERS = [Period.read(f"{year}-Q{number}") for year in (2026, 2027) for number in range(1, 5)]


def run_on(world, day):
    there = world.on(day).installation
    close_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)


def releases(world):
    with world.reading() as uow:
        return [entry.release for entry in ledger.list_entries(uow)]


def files_of(release, formats=Format):
    """Every file a clinic could hand out of a release, by format."""
    return {(str(release.period), wanted): export(release, wanted) for wanted in formats}


class Clinic:
    """Who works there and what happens in a quarter, drawn with a coin that repeats itself."""

    def __init__(self, world):
        self.world, self.coin = world, random.Random(24)  # noqa: S311  repeatable
        self.codes = a_clinic_of(world, cases_each=8, quay=4, garden=4, yard=2)
        self.said = dict.fromkeys(self.codes, 0)

    def answers(self, day, codes):
        """Cases meet on a day and answer; some are flagged."""
        for number in sorted({self.said[code] for code in codes}):
            now = [code for code in codes if self.said[code] == number]
            flagged = [code for code in now if self.coin.random() < 0.1]
            answered(self.world, day, now, number=number + 1, flagged=flagged)
            for code in now:
                self.said[code] += 1

    def passes(self, quarter):
        """A quarter: most cases answer twice a month, and others are only counted."""
        for month in quarter.months:
            for day in (5, 19):
                come = [code for code in self.codes if self.coin.random() < 0.8]
                self.answers(month.first_day + timedelta(days=day), come)
            counted_in(self.world, str(month), self.coin.randint(5, 30))

    def meddles(self, quarter):
        """After closing: a late answer, one taken back, a therapist who changes teams, one who leaves, a restore."""
        self.answers(quarter.last_day, self.codes[:1])
        with self.world.writing() as uow:
            hashed = uow.connection.scalars(select(responses.c.receipt_hash).order_by(responses.c.case_code)).all()
            withdraw_by_hash(uow, SystemChance(), self.coin.choice(hashed))
            uow.connection.execute(update(staff).where(staff.c.id == "quay3").values(team_id=self.coin.choice(TEAMS)))
            if quarter == QUARTERS[3]:
                gone = update(staff).where(staff.c.id == "garden3")
                uow.connection.execute(gone.values(disabled_on=quarter.last_day))
            uow.connection.execute(delete(ledger_table))


TEAMS = ("quay", "garden")
"""Those who may have figures of their own; two therapists in the yard are too few."""


def check_same(world, kept, formats):
    """Every file of every closed period is what it was when it was closed, to the byte."""
    now = [(name, files) for release in releases(world) for name, files in files_of(release, formats).items()]
    assert [name for name, files in now if files != kept[name]] == []
    assert len(now) == len(kept) * len(formats) // len(Format)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_two_years_of_files_give_nothing_away_and_no_byte_changes(world, record_property):
    world.clinic = replace(world.clinic, retention_months=24)
    clinic, kept = Clinic(world), {}
    for quarter in QUARTERS:
        clinic.passes(quarter)
        run_on(world, quarter.closes_on)
        for release in releases(world)[len(kept) // len(Format) :]:
            kept |= files_of(release)
        clinic.meddles(quarter)
        run_on(world, quarter.closes_on + timedelta(days=20))
        check_same(world, kept, [Format.CSV, Format.JSON])
    check_same(world, kept, Format)
    everything = releases(world)
    assert [str(each.period) for each in everything if each.period in QUARTERS] == [str(each) for each in QUARTERS]
    assert len(everything) == 24 + len(QUARTERS)
    with world.reading() as uow:
        assert check_ledger(uow, world.installation.journal)
    exact, cells = cells_worked_out(everything)
    assert (exact, cells > 100) == (0, True)
    record_property("figure", f"A1, A5 over 24 months of files: cells worked out {exact} of {cells}, bytes changed 0")


def cells_worked_out(everything):
    """Bound every team and month of every quarter from the files alone."""
    exact, cells = 0, 0
    for quarter in QUARTERS:
        parts = {*quarter.months, quarter}
        figures = [fig for each in everything if each.period in parts for fig in read_files(each, Format.CSV)]
        given = {fig.unit.id for fig in figures if fig.level is LatticeLevel.L2 and fig.value is not None}
        assert given <= {*TEAMS}, "two therapists are no team with figures of its own"
        for measure in (CLIENTS_FLAGGED, CLIENTS_NOT_FLAGGED):
            found = flag_extents(figures, measure)
            cells += len(found)
            exact += sum(each.is_exact for each in found.values())
    return exact, cells

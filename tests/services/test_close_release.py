"""Closing a period: once, at its time, kept in journal and ledger, and the same for ever after."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import update

from feedback.domain.errors import LedgerBroken, Refused
from feedback.domain.figures.ledger import LedgerEntry, next_entry
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import FigureStatus
from feedback.domain.figures.rule import STRICT
from feedback.domain.figures.unseen import NONE_UNSEEN
from feedback.persistence.figures import ledger
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tables import ledger as ledger_table
from feedback.persistence.tables import staff
from feedback.security.access_codes import SystemChance
from feedback.services.audit.record_audit import record_audit
from feedback.services.figures.close_due import close_due
from feedback.services.figures.close_release import close_release
from feedback.services.figures.ledger_recovery import check_ledger, import_ledger
from tests.support.figures import a_clinic_of, answered, closes, counted_in, opened, value_of
from tests.support.folders import ROOT

MARCH = date(2026, 3, 10)


def a_march(world):
    """A clinic with 30 cases in two teams, each answered once in March, 15 of them flagged."""
    codes = a_clinic_of(world)
    answered(world, MARCH, codes, flagged=codes[::2])
    return codes


def ledger_of(world):
    with world.reading() as uow:
        return ledger.list_entries(uow)


def due(world, day, rule=None):
    there = world.on(day).installation
    closed = close_due(
        there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=rule or there.rule
    )
    return [str(release.period) for release in closed]


def test_a_month_is_drawn_once_and_given_as_it_stands_ever_after(world):
    codes = a_march(world)
    first = closes(world, "2026-03")
    assert value_of(first, "codes") == 0
    assert first.closed_on == date(2026, 4, 8)
    answered(world, MARCH, codes, flagged=codes, number=2)
    with world.writing() as uow:
        again = close_release(
            uow, world.on("2026-06-01").installation.clock, SystemChance(), world.installation.journal,
            period=Period.read("2026-03"), rule=STRICT, unseen=NONE_UNSEEN,
        )  # fmt: skip
    assert again == first
    assert len(ledger_of(world)) == 1


def test_nothing_is_drawn_before_its_time_nor_a_year_nor_what_is_deleted_already(world):
    a_march(world)
    for day, period, words in [
        ("2026-04-07", "2026-03", "from 8 April 2026 on"),
        ("2026-04-08", "2026", "sum of its months"),
        ("2027-03-02", "2026-03", "deleted already"),
    ]:
        it = world.on(day).installation
        with world.writing() as uow, pytest.raises(Refused, match=words):
            close_release(
                uow, it.clock, it.chance, it.journal, period=Period.read(period), rule=it.rule, unseen=NONE_UNSEEN
            )
    assert ledger_of(world) == ()
    assert not world.installation.journal.is_begun


def test_the_clinics_own_day_decides_when_a_month_is_over(world):
    a_march(world)
    assert due(world.on("2026-04-07", 22), "2026-04-07") == []
    there = world.on("2026-04-07", 23).installation  # in London it is the eighth
    assert (
        close_due(there.database, there.clock, there.keyring, there.chance, journal=there.journal, rule=there.rule)
        != ()
    )


def test_everything_that_is_due_is_closed_oldest_first_and_months_before_their_quarter(world):
    codes = a_march(world)
    answered(world, date(2026, 5, 4), codes, number=2)
    assert due(world, "2026-04-08") == ["2026-03", "2026-Q1"]
    assert due(world, "2026-04-09") == []
    assert due(world, "2026-07-08") == ["2026-04", "2026-05", "2026-06", "2026-Q2"]
    with world.reading() as uow:
        assert check_ledger(uow, world.installation.journal) == ledger_of(world)[-1].chain


def test_a_clinic_without_a_therapy_session_has_nothing_due(world):
    assert due(world, "2027-01-08") == []


def test_under_the_strict_rule_only_quarters_are_published_and_their_months_stay_unpublished(world):
    a_march(world)
    assert due(world, "2026-04-08", STRICT) == ["2026-Q1"]
    assert due(world, "2026-04-09") == []
    with pytest.raises(Refused, match="under the strict rule"):
        closes(world, "2026-03")
    with pytest.raises(Refused, match="only quarters"):
        closes(world, "2026-04", STRICT)


def test_a_clinic_under_the_gate_gets_no_figures_however_much_was_answered(world):
    codes = opened(world, world.therapist, 40)
    answered(world, MARCH, codes)
    release = closes(world, "2026-03")
    assert release.is_gated
    assert {figure.status for figure in release.figures} == {FigureStatus.GATED}


def test_what_is_only_counted_enters_the_clinics_quarter_and_no_team(world):
    codes = a_clinic_of(world, cases_each=20)
    answered(world, MARCH, codes)
    counted_in(world, "2026-03", 200)
    release = closes(world, "2026-Q1")
    assert value_of(release, "clients_off:no") == pytest.approx(320, abs=25)
    assert value_of(release, "clients_not_flagged", "Quay") == pytest.approx(60, abs=25)
    assert value_of(release, "clients_mean_score") == pytest.approx(8, abs=0.8)


def test_a_quarter_that_runs_when_the_rule_changes_is_published_by_clients_and_says_what_it_spent(world):
    """Its January stands in the ledger by answers, and is neither drawn anew nor left out of its ε."""
    codes = a_clinic_of(world, cases_each=10)
    for number, day in enumerate((date(2026, 1, 13), date(2026, 2, 10), MARCH), 1):
        answered(world, day, codes, number=number, flagged=codes[::3])
    kept = json.loads((ROOT / "tests/exporters/fln_10_5.json").read_text(encoding="utf-8"))[0]
    by_answers = LedgerEntry.read(kept["line"]).release
    january = replace(by_answers, period=Period.read("2026-01"), clinic_id=world.clinic.id)
    with world.writing() as uow:
        entry = next_entry(None, january)
        world.installation.journal.add_entries([entry])
        ledger.add_entry(uow, entry)
    assert due(world, "2026-04-20") == ["2026-02", "2026-03", "2026-Q1"]
    first, *others = (each.release for each in ledger_of(world))
    assert first.rule == by_answers.rule
    for release in others:
        assert release.rule.counts_clients
        assert release.rule.epsilon_client_quarter == Fraction(99, 10) - Fraction(2, 3) + Fraction(5, 4)


def test_a_therapist_who_changes_teams_or_leaves_counts_once_for_the_team_of_the_day_it_was_closed(world):
    codes = a_clinic_of(world, cases_each=20, quay=4, garden=3)
    answered(world, MARCH, codes)
    with world.writing() as uow:
        uow.connection.execute(update(staff).where(staff.c.id == "quay3").values(team_id="garden"))
        uow.connection.execute(update(staff).where(staff.c.id == "quay0").values(disabled_on=MARCH))
    release = closes(world, "2026-Q1")
    assert value_of(release, "clients_not_flagged", "Quay") == pytest.approx(60, abs=25)
    assert value_of(release, "clients_not_flagged", "Garden") == pytest.approx(80, abs=25)
    with world.writing() as uow:
        uow.connection.execute(update(staff).values(team_id="quay"))
    assert closes(world, "2026-Q1") == release


@pytest.mark.fault("R2")
@pytest.mark.parametrize("step", ["in the journal", "in the ledger"])
def test_killed_at_any_step_the_period_is_drawn_once(world, step, engine_name, measured):
    a_march(world)
    it = world.installation
    it.database.close()
    words = [it.database.engine.url.render_as_string(hide_password=False), str(it.settings.data_dir), world.clinic.id]
    command = [sys.executable, "-m", "tests.services.test_close_release", *words, step]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    (noted,) = it.journal.entries(world.clinic.id)
    assert ledger_of(world) == ()
    assert due(world, "2026-04-09") == ["2026-Q1"], "the month came back from the journal as it was drawn"
    assert ledger_of(world)[0] == noted
    assert len(it.journal.entries(world.clinic.id)) == 2
    measured("R2", f"{engine_name}: publishing killed when the period was {step}: drawn once")


def test_a_restored_database_takes_back_what_the_journal_knows_and_draws_nothing_anew(world):
    a_march(world)
    published = [closes(world, "2026-03"), closes(world, "2026-Q1")]
    with world.writing() as uow:
        uow.connection.execute(ledger_table.delete())
    assert due(world, "2026-04-20") == []
    assert [entry.release for entry in ledger_of(world)] == published


def test_without_a_journal_nothing_is_drawn_until_somebody_says_what_was_published(world, tmp_path):
    a_march(world)
    march = closes(world, "2026-03")
    journal = tmp_path / "journal/ledger.jsonl"
    lines = journal.read_text().splitlines()
    journal.unlink()
    with pytest.raises(LedgerBroken, match="feedback release import"):
        due(world, "2026-04-08")
    with world.writing() as uow:
        uow.connection.execute(ledger_table.delete())
        assert import_ledger(uow, world.installation.journal, lines) == 1
    assert due(world, "2026-04-08") == ["2026-Q1"]
    assert ledger_of(world)[0].release == march


def test_a_clinic_that_had_a_night_has_a_journal_and_is_asked_nothing_when_it_is_restored_beside_it(world):
    a_march(world)
    it = world.installation
    assert due(world, "2026-03-09") == []
    assert it.journal.is_begun
    with world.writing() as uow:
        record_audit(uow, it.clock, it.keyring, actor="operator", action="database.restored", subject=world.clinic.id)
    assert due(world, "2026-04-08") == ["2026-03", "2026-Q1"]


def test_a_restored_database_without_any_ledger_is_asked_about_once(world):
    a_march(world)
    it = world.installation
    with world.writing() as uow:
        record_audit(uow, it.clock, it.keyring, actor="operator", action="database.restored", subject=world.clinic.id)
    with pytest.raises(LedgerBroken, match="journal is missing"):
        due(world, "2026-04-08")
    with world.writing() as uow:
        assert import_ledger(uow, it.journal, []) == 0
    assert due(world, "2026-04-08") == ["2026-03", "2026-Q1"]


def test_a_changed_ledger_is_found_and_nothing_more_is_drawn(world):
    a_march(world)
    closes(world, "2026-03")
    (entry,) = ledger_of(world)
    with world.writing() as uow:
        uow.connection.execute(update(ledger_table).values(content=entry.content.replace('"floor"', '"gated"', 1)))
    with world.reading() as uow, pytest.raises(LedgerBroken, match="Line 1"):
        check_ledger(uow, world.installation.journal)
    with pytest.raises(LedgerBroken, match="another thing than the journal"):
        due(world, "2026-04-08")


def test_the_journal_keeps_whole_lines_and_drops_one_that_a_power_cut_left_half_written(world, tmp_path):
    a_march(world)
    release = closes(world, "2026-03")
    file = tmp_path / "journal/ledger.jsonl"
    with file.open("a") as half:
        half.write('{"clinic": "har')
    assert [entry.release for entry in Journal(file.parent).entries(world.clinic.id)] == [release]
    closes(world, "2026-Q1")
    assert [str(entry.period) for entry in Journal(file.parent).entries(world.clinic.id)] == ["2026-03", "2026-Q1"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_journal_of_another_clinic_is_none_of_ours(world):
    a_march(world)
    closes(world, "2026-03")
    (entry,) = ledger_of(world)
    with world.writing() as uow:
        assert import_ledger(uow, world.installation.journal, [replace(entry, clinic_id="other").line]) == 0


def _run(address, folder, clinic_id, fatal):
    """Close March in this process and die at a step."""
    from feedback.domain.clock import FixedClock
    from feedback.domain.figures.rule import USUAL
    from feedback.persistence.database import Database

    def step(name):
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    with Database(address).writing(clinic_id) as uow:
        close_release(
            uow, FixedClock.on("2026-04-08"), SystemChance(), Journal(ROOT / folder / "journal"),
            period=Period.read("2026-03"), rule=USUAL, unseen=NONE_UNSEEN, step=step,
        )  # fmt: skip


if __name__ == "__main__":
    _run(*sys.argv[1:])

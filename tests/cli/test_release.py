"""The ledger from the command line: closed, listed, checked, attacked, brought back."""

from datetime import date, timedelta

import pytest

from feedback.bootstrap import open_installation
from feedback.domain.figures.period import Period
from feedback.persistence.clinic.clinics import only_clinic
from feedback.settings import read_settings
from tests.support.builders import a_therapist
from tests.support.figures import a_clinic_of, answered
from tests.support.world import World

LONG_AGO = Period.month_of(date.today().replace(day=1) - timedelta(days=40))  # noqa: DTZ011  the command asks the machine


@pytest.fixture
def clinic(installed):
    """The installed clinic with 60 cases, a month of answers, and a small team."""
    it = open_installation(read_settings())
    with it.database.reading(None) as uow:
        world = World(it, only_clinic(uow), a_therapist())
    codes = a_clinic_of(world, cases_each=10)
    answered(world, LONG_AGO.first_day, codes, flagged=codes[:30])
    it.database.close()
    return world


def test_a_month_is_closed_once_listed_and_in_order(clinic, installed):
    month = str(LONG_AGO)
    assert installed("release", "list").stdout.startswith("Nothing is closed yet.")
    assert installed("release", "close", month).stdout == f"{month} is closed.\n"
    assert installed("release", "close", month).stdout.startswith(f"{month} was closed on ")
    listed = installed("release", "list").stdout
    assert listed.startswith(month)
    assert "FLN-10-clients" in listed
    assert installed("release", "verify").stdout.startswith("The ledger is in order. Its head is ")


def test_the_attack_says_what_can_be_learnt_at_most(clinic, installed):
    installed("release", "close", str(LONG_AGO))
    told = installed("release", "attack").stdout
    assert "best guess right in at most 66.1%; a coin 50.0%, by ε 66.1%" in told
    assert "ε 9.9 for everything one client may add to a quarter" in told
    assert "1 releases keep to their rule" in told


@pytest.mark.parametrize(
    ("period", "said"), [("2026-13", "2026-Q3"), ("2099-01", "can be closed from"), ("2025", "sum")]
)
def test_a_wrong_period_is_one_line_that_says_what_would_do(installed, period, said):
    done = installed("release", "close", period)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr


def test_a_lost_journal_is_said_with_the_remedy_and_brought_back_from_a_copy(clinic, installed, folders):
    installed("release", "close", str(LONG_AGO))
    journal = folders / "data/journal/ledger.jsonl"
    copy = folders / "copy.jsonl"
    journal.rename(copy)
    done = installed("run-due")
    assert (done.exit_code, "feedback release import" in done.stderr) == (1, True)
    assert installed("release", "import", str(copy)).stdout.endswith("did not know: 0.\n")
    assert journal.read_text() == copy.read_text()
    assert installed("release", "verify").exit_code == 0


def test_purge_says_first_what_it_would_delete(clinic, installed):
    answered(clinic, LONG_AGO.first_day - timedelta(days=800), ["quay0-251201-0"], number=2)
    clinic.installation.database.close()
    assert "Would delete: 1 shared answers." in installed("purge", "--dry-run").stdout
    assert "Deleted: 1 shared answers." in installed("purge").stdout
    assert installed("purge").stdout == "Nothing has had its time.\n"


def test_the_doctor_says_when_the_ledger_or_its_journal_is_not_in_order(clinic, installed, folders):
    assert "No figures are published yet." in installed("doctor").stdout
    installed("release", "close", str(LONG_AGO))
    assert "The ledger of published figures is whole." in installed("doctor").stdout
    (folders / "data/journal/ledger.jsonl").unlink()
    assert "feedback release import" in installed("doctor").stdout

"""R20: a year passes night by night. Everything due is done, once; and every gate holds at each release."""

from datetime import date, timedelta

import pytest

from feedback.domain.audience import Audience
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.figures import ledger
from feedback.services.audit.verify_audit import verify_audit
from feedback.services.figures.ledger_recovery import check_ledger
from feedback.services.upkeep.integrity_check import check_whole
from feedback.services.upkeep.run_scheduled_jobs import run_due
from tests.attacks.checks import CHECKS
from tests.support.answering import GOOD, LOW, meets_and_sends, sends
from tests.support.figures import a_clinic_of, answered
from tests.support.soak import IS_SOAK, scaled
from tests.support.world import World

FIRST = date(2026, 3, 2)
NIGHTS = scaled(40, 400)
LOW_EVERY = 5


@pytest.fixture
def engine_name():
    """SQLite, whose file is written anew every night; PostgreSQL's nights are tested one by one."""
    return "sqlite"


def a_week(world, case, codes, day, week):
    """The therapist's own case meets; sixty others answer; three clients answer without the therapist seeing it."""
    ratings = LOW if week % LOW_EVERY == LOW_EVERY - 1 else GOOD
    meets_and_sends(world, case, day, ratings)
    answered(world, day, codes, number=week + 1, flagged=codes[week % 3 :: 7])
    there = world.on(day)
    for _ in range(3):
        other = there.opens_a_case()
        sends(there, there.shows_a_code(other, there.meets(other)), audience=Audience.TOTALS)


def a_night(world: World, day):
    there = world.on(day, hour=3).installation
    return run_due(there.database, there.clock, there.keyring, there.chance, journal=there.journal, rule=there.rule)


@pytest.mark.fault("R20")
def test_a_year_of_nights_leaves_nothing_undone_and_nothing_done_twice(world, measured):
    codes = a_clinic_of(world, cases_each=10)
    case = world.on(FIRST).opens_a_case()
    closed, deleted = [], 0
    for night in range(NIGHTS):
        day = FIRST + timedelta(days=night)
        if night % 7 == 0:
            a_week(world, case, codes, day, night // 7)
        done = a_night(world, day + timedelta(days=1))
        if night % 7 == 0:
            assert a_night(world, day + timedelta(days=1)).is_nothing
        assert done.rewritten is not None
        closed += [str(release.period) for release in done.closed]
        deleted += done.purged.answers + done.purged.codes + done.purged.comments
        if done.closed and IS_SOAK:
            for check in CHECKS:
                check()
    assert len(closed) == len(set(closed))
    last = FIRST + timedelta(days=NIGHTS)
    with world.reading() as uow:
        entries = [str(entry.period) for entry in ledger.list_entries(uow)]
        check_ledger(uow, world.installation.journal)
        assert verify_audit(uow, world.installation.keyring).is_whole
        assert sealed_submissions.rewritten_on(uow) == last
        assert sealed_submissions.newest_submission_key(uow) is not None
    assert sorted(entries) == sorted(closed)
    assert "2026-03" in closed
    check_whole(world.installation.database, is_thorough=True)
    measured(
        "R20",
        f"SQLite: {NIGHTS} nights, {len(closed)} periods published, each once, {deleted:,} rows deleted in time; "
        f"ledger, audit log and file whole",
    )

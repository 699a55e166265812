"""A purge that is killed (as with `kill -9`) at any step: nothing half gone, and the next one does the rest."""

from datetime import date

import pytest
from sqlalchemy import select

from feedback.persistence import tables
from feedback.security.access_codes import SystemChance
from feedback.services.upkeep.purge import Purged, purge
from tests.support.answering import LOW, a_case_that_fell, meets_and_sends
from tests.support.nightly import killed_at

IN_ONE = ("comments forgotten", "answers of a case forgotten", "codes forgotten")
STEPS = (*IN_ONE, "committed", "files deleted")
"""What comes before the commit is undone by the kill; in this order."""

OF_ANSWERS = (
    tables.responses, tables.answers, tables.findings, tables.rupture_flags, tables.detector_states,
    tables.tenant_lookup, tables.access_codes,
)  # fmt: skip
LATER = "2027-03-04"
"""Everything of February and March 2026 has had its time by then."""


def purges(world, **more):
    it = world.on(LATER).installation
    return purge(it.database, it.clock, SystemChance(), it.journal, **more)


def everything(world):
    with world.reading() as uow:
        return {table.name: sorted(map(repr, uow.connection.execute(select(table)))) for table in OF_ANSWERS}


@pytest.fixture
def old(world):
    """Two cases of last year, one with a flag; one newer answer; a withdrawal."""
    a_case_that_fell(world, comment="Too fast.", off="yes")
    case = a_case_that_fell(world)
    meets_and_sends(world, case, "2027-03-01", LOW, comment="Now.")
    world.installation.journal.note_withdrawn(world.clinic.id, b"\x07" * 16, "2026-03")
    return world


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_half_gone_and_the_next_purge_does_the_rest(old, step):
    before, due = everything(old), purges(old, is_dry=True)
    assert min(due.codes, due.comments, due.answers, due.files) > 0
    assert killed_at(old.on(LATER), step, "purge") == -9
    assert (everything(old) == before) == (step in IN_ONE)
    rest = purges(old)
    assert rest == (due if step in IN_ONE else Purged(files=due.files if step == "committed" else 0))
    assert purges(old) == Purged()
    with old.reading() as uow:
        (only,) = uow.connection.execute(select(tables.responses)).all()
        assert uow.connection.execute(select(tables.erasures)).all(), "the night is asked to erase the files"
    assert only.sealed_comment is not None
    assert old.installation.journal.old_files(date(2027, 1, 1), date(2027, 1, 1)) == ()


def test_the_steps_are_these_and_no_others(old):
    seen = []
    purges(old, step=seen.append)
    assert tuple(dict.fromkeys(seen)) == STEPS

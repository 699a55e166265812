"""What another alert budget would mean is worked out from the ledger, and from nothing else."""

import pytest
from sqlalchemy import event

from feedback.domain.figures.ledger import next_entry
from feedback.domain.figures.release import FigureStatus
from feedback.persistence.figures.ledger import add_entry
from feedback.services.flags.preview_budget import preview_budget
from tests.support.builders import a_figure, a_release


@pytest.fixture
def publish(world):
    """Put releases into the ledger one after the other."""
    last = None

    def put(*releases):
        nonlocal last
        with world.writing() as uow:
            for release in releases:
                last = next_entry(last, release)
                add_entry(uow, last)

    return put


def previewed(world):
    with world.reading() as uow:
        return preview_budget(uow)


def test_it_is_for_the_newest_published_month(world, publish):
    publish(a_release("2026-08"), a_release("2026-09"), a_release("2026-Q3"))
    found = previewed(world)
    assert (str(found.period), found.published) == ("2026-09", 25 + 290)
    assert [one.flags for one in found.budgets] == [round(315 * at / 100) for at in range(5, 13)]


def test_a_month_with_too_few_is_passed_over(world, publish):
    few = (a_figure(status=FigureStatus.FLOOR), a_figure(measure="clients_not_flagged", value=40))
    publish(a_release("2026-08"), a_release("2026-09", figures=few))
    assert str(previewed(world).period) == "2026-08"


def test_before_anything_is_published_there_is_only_what_simulation_says(world):
    found = previewed(world)
    assert (found.period, found.published) == (None, None)
    assert all(0 < one.caught < 1 and 0 < one.wrong < 1 for one in found.budgets)


def test_it_reads_the_ledger_and_no_other_table(world, publish):
    publish(a_release("2026-09"))
    engine = world.installation.database.engine
    said = []
    event.listen(engine, "before_cursor_execute", lambda *all_of_it: said.append(all_of_it[2].lower()))
    previewed(world)
    tables = [statement for statement in said if "from" in statement]
    assert tables
    assert all("from ledger" in statement or "from clinics" in statement for statement in tables), tables

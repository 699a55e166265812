"""After answers were erased on PostgreSQL, figures are counted from the indexes of the keys alone again."""

import pytest
from sqlalchemy import text

from feedback.persistence.upkeep import erasing
from feedback.persistence.upkeep.erasing import ask_for_erasing
from tests.support.answering import a_case_that_fell

PAGES = text("SELECT relname, relpages, relallvisible FROM pg_class WHERE relname IN ('responses', 'answers')")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_tables_written_anew_know_that_everybody_sees_their_rows(world):
    a_case_that_fell(world, off="yes")
    with world.writing() as uow:
        ask_for_erasing(uow, "e1")
    erasing.vacuum(world.installation.database)
    with world.reading() as uow:
        for name, pages, visible in uow.connection.execute(PAGES):
            assert visible == pages > 0, name

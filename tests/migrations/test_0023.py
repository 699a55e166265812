"""0023 keeps which changed answers nobody has marked since; those changed before wait, and nothing else moves."""

from sqlalchemy import delete, inspect, select

from tests.migrations.rows import only_row, put
from tests.migrations.test_0021 import BEFORE, PLACE


def test_upgrade_lets_what_was_changed_before_wait_until_it_is_marked(bare_database, stand_at):
    put(bare_database, stand_at("0022"), **BEFORE, changed_answers=PLACE)
    tables = stand_at("0023")
    assert only_row(bare_database, tables, "unmarked_changes") == PLACE
    assert only_row(bare_database, tables, "changed_answers") == PLACE
    with bare_database.writing(None) as uow:
        uow.connection.execute(delete(tables.tables["responses"]))
        assert not uow.connection.execute(select(tables.tables["unmarked_changes"])).all()


def test_downgrade_forgets_that_and_nothing_else(bare_database, stand_at):
    put(bare_database, stand_at("0023"), **BEFORE, changed_answers=PLACE, unmarked_changes=PLACE)
    tables = stand_at("0022")
    assert "unmarked_changes" not in inspect(bare_database.engine).get_table_names()
    assert only_row(bare_database, tables, "changed_answers") == PLACE

"""How a database is opened, and what a unit of work promises: kept at its end, or not at all."""

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from feedback.domain.errors import NotReachable
from feedback.persistence.database import Database
from feedback.persistence.tables import tenant_lookup
from feedback.persistence.tenant_lookup import add_lookup, clinics_behind

HASH, OTHER = b"h" * 32, b"o" * 32
OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
PRAGMAS = {
    "synchronous": 2,
    "journal_mode": "wal",
    "secure_delete": 1,
    "foreign_keys": 1,
    "busy_timeout": 20_000,
    "trusted_schema": 0,
}
"""By SQLite's own numbers: a commit waits until it is on the disk, and what is deleted is written over."""


def count_lookups(world, *hashes):
    with world.reading() as uow:
        return uow.connection.scalar(
            select(func.count()).select_from(tenant_lookup).where(tenant_lookup.c.hash.in_(hashes))
        )


@pytest.mark.parametrize("pragma", PRAGMAS)
def test_every_connection_to_sqlite_is_opened_as_promised(tmp_path, pragma):
    database = Database(f"sqlite:///{tmp_path / 'clinic.db'}")
    try:
        with database.reading(None) as one, database.reading(None) as other, database.writing(None) as third:
            found = [uow.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for uow in (one, other, third)]
    finally:
        database.close()
    assert found == [PRAGMAS[pragma]] * 3


def test_what_a_block_wrote_is_kept_at_its_end(world):
    with world.writing() as uow:
        add_lookup(uow, "token", HASH)
        assert clinics_behind(uow, "token", HASH) == (world.clinic.id,), "and seen within it"
        assert count_lookups(world, HASH) == 0, "by nobody else before"
    assert count_lookups(world, HASH) == 1


def writes_and_raises(world, *, commits_first):
    with world.writing() as uow:
        add_lookup(uow, "token", HASH)
        if commits_first:
            uow.commit()
        add_lookup(uow, "token", OTHER)
        raise RuntimeError


@pytest.mark.parametrize("commits_first", [False, True])
def test_an_error_takes_back_what_was_not_committed_before(world, commits_first):
    with pytest.raises(RuntimeError):
        writes_and_raises(world, commits_first=commits_first)
    assert (count_lookups(world, HASH), count_lookups(world, OTHER)) == (commits_first, 0)


def test_a_rollback_said_aloud_takes_everything_back(world):
    with world.writing() as uow:
        add_lookup(uow, "token", HASH)
        uow.rollback()
    assert count_lookups(world, HASH) == 0


def adds_one_lookup_twice(world):
    with world.writing() as uow:
        for hashed in (OTHER, HASH, HASH):
            add_lookup(uow, "token", hashed)


def test_a_statement_that_fails_takes_all_of_its_block_with_it_and_the_next_block_goes_on(world):
    with pytest.raises(IntegrityError):
        adds_one_lookup_twice(world)
    assert count_lookups(world, HASH, OTHER) == 0
    with world.writing() as uow:
        add_lookup(uow, "token", HASH)
    assert count_lookups(world, HASH) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_fails_only_at_the_commit_is_not_taken_for_durable(world):
    with world.writing() as uow:
        add_lookup(uow, "receipt", HASH)
    late = "ALTER TABLE tenant_lookup ADD CONSTRAINT late UNIQUE (hash) DEFERRABLE INITIALLY DEFERRED"
    with world.installation.database.maintaining() as connection:
        connection.exec_driver_sql(late)
    try:
        with pytest.raises(IntegrityError), world.writing() as uow:
            add_lookup(uow, "token", HASH)
        assert count_lookups(world, HASH) == 1
    finally:
        with world.installation.database.maintaining() as connection:
            connection.exec_driver_sql("ALTER TABLE tenant_lookup DROP CONSTRAINT late")


def test_nothing_is_kept_where_a_page_only_reads(world, engine_name):
    with world.reading() as uow:
        if engine_name == "postgresql":
            with pytest.raises(DBAPIError, match="read-only"):
                add_lookup(uow, "token", HASH)
            uow.rollback()
        else:
            add_lookup(uow, "token", HASH)
    assert count_lookups(world, HASH) == 0


def test_after_a_commit_the_clinic_it_was_opened_for_is_chosen_anew(world):
    """On PostgreSQL the choice ends with the transaction, and nothing may be seen by force of habit."""
    world.opens_a_case()
    with world.installation.database.restricted().reading(world.clinic.id) as uow:
        for _ in range(2):
            assert uow.connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 1
            uow.commit()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_pages_ask_for_again_and_again_is_planned_once(world):
    """The driver prepares a statement at its sixth run, and would forget it at a rollback."""
    web = world.installation.database.restricted()
    for _ in range(8):
        with web.reading(None) as uow:
            clinics_behind(uow, "token", HASH)
    with web.reading(None) as uow:
        found = uow.connection.exec_driver_sql(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%%tenant_lookup%%'"
        ).all()
    assert len(found) == 1
    assert all(generic >= 2 and custom == 0 for generic, custom in found), found


def ends_all_connections(database):
    """Open three, and let the server end them."""
    with database.reading(None) as one, database.reading(None) as two, database.reading(None) as three:
        for uow in (one, two, three):
            uow.connection.exec_driver_sql("SELECT 1")
    with create_engine(database.engine.url, poolclass=NullPool).connect() as other:
        assert len(other.exec_driver_sql(OTHERS_OUT).all()) >= 3


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_where_the_server_let_go_of_all_connections_upkeep_meets_a_new_one(world):
    ends_all_connections(world.installation.database)
    for _ in range(2):
        with world.installation.database.maintaining() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_where_the_server_let_go_of_all_connections_the_next_unit_of_work_meets_new_ones(world):
    web = world.installation.database.restricted()
    ends_all_connections(web)
    for opened in (web.reading, web.writing, web.reading):
        with opened(None) as uow:
            assert clinics_behind(uow, "token", HASH) == ()


def test_a_database_that_is_not_there_is_not_reachable():
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(NotReachable), away.reading(None) as uow:
        clinics_behind(uow, "token", HASH)
    away.close()

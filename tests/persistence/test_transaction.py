"""A transaction begins at the driver, and SQLAlchemy's connection joins it where one is asked for."""

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from feedback.domain.errors import NotReachable
from feedback.persistence.database import Database
from feedback.persistence.doors import clinics_behind, close_door, open_door
from feedback.persistence.tables import doors
from feedback.security.access_codes import token_hash
from feedback.services.answers.find_form import find_code, find_form

HASH = b"h" * 32
OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def count_doors(uow):
    return uow.connection.scalar(select(func.count()).select_from(doors).where(doors.c.hash == HASH))


def is_under_way(transaction):
    """Say whether the driver itself is within a transaction."""
    driver = transaction._driver
    return driver.in_transaction if hasattr(driver, "in_transaction") else driver.info.transaction_status.name != "IDLE"


def test_finding_a_form_makes_no_connection_of_sqlalchemys(world):
    case, it = world.opens_a_case(), world.installation
    token = world.shows_a_code(case, world.meets(case)).token
    with it.database.restricted().reading(None) as uow:
        found = find_code(uow, it.clock, it.keyring, token=token)
        find_form(uow.within(found.clinic.id), found)
        assert uow.transaction._connection is None
        assert clinics_behind(uow, "token", token_hash(it.keyring, token)) == (world.clinic.id,)


@pytest.mark.parametrize("is_committed", [False, True])
def test_both_ways_of_asking_are_one_transaction(world, is_committed):
    with world.writing() as uow:
        assert count_doors(uow) == 0
        open_door(uow, "token", HASH)
        assert count_doors(uow) == 1
        if is_committed:
            uow.commit()
    with world.reading() as uow:
        open_doors = clinics_behind(uow, "token", HASH)
        assert len(open_doors) == count_doors(uow) == is_committed


def test_a_connection_made_late_joins_what_the_driver_began(world):
    with world.writing() as uow:
        open_door(uow, "token", HASH)
        assert count_doors(uow) == 1
    with world.reading() as uow:
        assert count_doors(uow) == 0, "it was never committed"


@pytest.mark.parametrize("asks_sqlalchemy", [False, True])
def test_what_comes_after_a_commit_is_another_transaction(world, asks_sqlalchemy):
    with world.writing() as uow:
        if asks_sqlalchemy:
            count_doors(uow)
        open_door(uow, "token", HASH)
        uow.commit()
        assert not is_under_way(uow.transaction)
        open_door(uow, "token", HASH[::-1] + b"x")
        assert is_under_way(uow.transaction)
    with world.reading() as uow:
        assert count_doors(uow) == 1
        assert clinics_behind(uow, "token", HASH[::-1] + b"x") == ()


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("asks_sqlalchemy", [False, True])
def test_what_pages_ask_for_again_and_again_is_planned_once(world, asks_sqlalchemy):
    """The driver prepares a statement at its sixth run, and would forget it at a rollback of its own."""
    web = world.installation.database.restricted()
    for _ in range(8):
        with web.reading(None) as uow:
            clinics_behind(uow, "token", HASH)
            if asks_sqlalchemy:
                assert count_doors(uow) == 0
    with web.reading(None) as uow:
        found = uow.connection.exec_driver_sql(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%%doors%%'"
        ).all()
    assert len(found) == 1 + asks_sqlalchemy
    assert all(generic >= 2 and custom == 0 for generic, custom in found), found


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("asks_sqlalchemy", [False, True])
def test_nothing_is_written_where_a_page_only_reads(world, asks_sqlalchemy):
    with world.installation.database.restricted().reading(world.clinic.id) as uow:
        if asks_sqlalchemy:
            count_doors(uow)
        with pytest.raises(DBAPIError, match="read-only"):
            open_door(uow, "token", HASH)
    with world.reading() as uow:
        assert count_doors(uow) == 0


def test_a_chosen_clinic_is_chosen_anew_after_a_commit(world):
    """On PostgreSQL the choice ends with the transaction, and nothing may be seen by force of habit."""
    world.opens_a_case()
    with world.installation.database.restricted().reading(None) as uow:
        for _ in range(2):
            within = uow.within(world.clinic.id)
            assert within.connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 1
            within.commit()


def opens(world, kind, *hashes):
    with world.writing() as uow:
        for hashed in hashes:
            open_door(uow, kind, hashed)
        uow.commit()


def opens_one_door_twice(world, *, asks_sqlalchemy):
    with world.writing() as uow:
        if asks_sqlalchemy:
            count_doors(uow)
        open_door(uow, "token", HASH)
        open_door(uow, "token", HASH)
        uow.commit()


@pytest.mark.parametrize("asks_sqlalchemy", [False, True])
def test_the_drivers_mistakes_come_out_in_sqlalchemys_words_and_the_connection_goes_on(world, asks_sqlalchemy):
    with pytest.raises(IntegrityError):
        opens_one_door_twice(world, asks_sqlalchemy=asks_sqlalchemy)
    with world.reading() as uow:
        assert count_doors(uow) == 0


def test_one_order_that_fails_takes_all_with_it_that_go_out_together(world):
    with pytest.raises(IntegrityError):
        opens(world, "token", HASH, b"x" * 32, HASH, b"y" * 32)
    with world.reading() as uow:
        assert [clinics_behind(uow, "token", hashed) for hashed in (HASH, b"x" * 32, b"y" * 32)] == [(), (), ()]


def test_a_question_sees_what_was_ordered_before_it(world):
    with world.writing() as uow:
        open_door(uow, "token", HASH)
        assert clinics_behind(uow, "token", HASH) == (world.clinic.id,)
        close_door(uow, "token", HASH)
        open_door(uow, "token", HASH)
        close_door(uow, "token", HASH)
        assert clinics_behind(uow, "token", HASH) == ()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_an_order_that_fails_only_at_the_commit_is_not_taken_for_durable(world):
    opens(world, "receipt", HASH)
    late = "ALTER TABLE doors ADD CONSTRAINT late UNIQUE (hash) DEFERRABLE INITIALLY DEFERRED"
    with world.installation.database.maintaining() as connection:
        connection.exec_driver_sql(late)
    try:
        with pytest.raises(IntegrityError):
            opens(world, "token", HASH)
        with world.reading() as uow:
            assert count_doors(uow) == 1
    finally:
        with world.installation.database.maintaining() as connection:
            connection.exec_driver_sql("ALTER TABLE doors DROP CONSTRAINT late")


def ends_all_connections(database):
    """Open three, and let the server end them."""
    with database.reading(None), database.reading(None), database.reading(None) as uow:
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
@pytest.mark.parametrize("asks_sqlalchemy", [False, True])
def test_where_the_server_let_go_of_all_connections_the_next_unit_of_work_meets_new_ones(world, asks_sqlalchemy):
    web = world.installation.database.restricted()
    ends_all_connections(web)
    for opened in (web.reading, web.writing, web.reading):
        with opened(None) as uow:
            if asks_sqlalchemy:
                assert count_doors(uow) == 0
            assert clinics_behind(uow, "token", HASH) == ()


def test_a_database_that_is_not_there_is_not_reachable():
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(NotReachable), away.reading(None) as uow:
        clinics_behind(uow, "token", HASH)
    away.close()

"""The wall in PostgreSQL: with no query of ours around it, no clinic reads or changes anything of another."""

import os

import pytest
from sqlalchemy import create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from feedback import paths
from feedback.domain.errors import DatabaseWrong
from feedback.persistence.base import metadata
from feedback.persistence.clinic import clinics
from feedback.persistence.database import Database
from feedback.persistence.tables import audit_log, cases, sealed_submissions
from feedback.persistence.upkeep import migrate
from feedback.persistence.upkeep.row_security import check_rows_secured, check_wall, secure_rows
from feedback.security.access_codes import SystemChance
from feedback.services.upkeep.fill_database import sums_in
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.write_backup import write_backup
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import hires_with_both_steps
from tests.support.builders import a_clinic, a_therapist
from tests.support.installing import install
from tests.support.world import World

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

WITHIN = [
    table
    for table in metadata.sorted_tables
    if "clinic_id" in table.c and table.name not in {"tenant_lookup", "sealed_submissions"}
]


@pytest.fixture
def two(world):
    """Two clinics with a case, flags, codes and accounts each."""
    other = World(world.installation, a_clinic(id="harbour2", name="Elsewhere"), a_therapist(id="else", email="e@x.y"))
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), other.clinic)
    other.hire(other.therapist)
    for place in (world, other):
        a_case_that_fell(place, off="yes", comment="Only for Dana.")
    hires_with_both_steps(world)
    hires_with_both_steps(other, id="noor", email="noor@example.org")
    return world


def counted(uow, table, clinic_id=None):
    chosen = select(func.count()).select_from(table)
    return uow.connection.scalar(chosen if clinic_id is None else chosen.where(table.c.clinic_id == clinic_id))


def rows(world, table, clinic_id):
    with world.installation.database.reading(None) as uow:
        return counted(uow, table, clinic_id)


def test_without_any_scope_of_ours_a_clinic_reads_its_own_rows_alone(two):
    web, filled = two.installation.database.restricted(), 0
    for table in WITHIN:
        own, others = rows(two, table, "harbour1"), rows(two, table, "harbour2")
        with web.reading("harbour1") as uow:
            assert counted(uow, table) == own, table.name
            assert counted(uow, table, "harbour2") == 0, table.name
        filled += bool(others)
    assert filled >= 12, "the tables of the other clinic are not empty"


@pytest.mark.parametrize("clinic_id", [None, "", "nowhere", "harbour1' OR '1'='1"])
def test_without_a_clinic_there_are_no_rows_at_all(two, clinic_id):
    with two.installation.database.restricted().reading(clinic_id) as uow:
        assert {table.name: counted(uow, table) for table in WITHIN if counted(uow, table)} == {}


def test_nothing_of_another_clinic_is_changed_or_deleted(two):
    web = two.installation.database.restricted()
    before = {table.name: rows(two, table, "harbour2") for table in WITHIN}
    for table in WITHIN:
        if table.name in {"audit_log", "ledger"}:
            continue
        with web.writing("harbour1") as uow:
            foreign = table.c.clinic_id == "harbour2"
            assert uow.connection.execute(delete(table).where(foreign)).rowcount == 0, table.name
            assert uow.connection.execute(update(table).where(foreign).values(clinic_id="harbour2")).rowcount == 0
    assert {table.name: rows(two, table, "harbour2") for table in WITHIN} == before


def test_nothing_is_put_into_another_clinic_or_moved_there(two):
    web = two.installation.database.restricted()
    with web.reading("harbour1") as uow:
        own = uow.connection.execute(select(cases)).mappings().first()
    with pytest.raises(ProgrammingError, match="row-level security"), web.writing("harbour1") as uow:
        uow.connection.execute(insert(cases).values({**own, "clinic_id": "harbour2", "therapist_id": "else"}))
    with pytest.raises(ProgrammingError, match="row-level security"), web.writing("harbour1") as uow:
        uow.connection.execute(update(cases).values(clinic_id="harbour2"))


@pytest.mark.parametrize("order", [delete(audit_log), update(audit_log).values(actor="nobody")])
def test_the_web_adds_to_the_audit_log_and_does_nothing_else_to_it(two, order):
    web = two.installation.database.restricted()
    with pytest.raises(ProgrammingError, match="permission denied"), web.writing("harbour1") as uow:
        uow.connection.execute(order)


@pytest.mark.parametrize(
    "order", [select(sealed_submissions), select(sealed_submissions.c.sealed), select(sealed_submissions.c.key_id)]
)
def test_the_web_reads_nothing_of_what_is_sealed(two, order):
    web = two.installation.database.restricted()
    with pytest.raises(ProgrammingError, match="permission denied"), web.writing("harbour1") as uow:
        uow.connection.execute(order)


def test_going_within_another_clinic_changes_what_is_seen_and_a_commit_does_not_lift_it(two):
    with two.installation.database.restricted().writing("harbour1") as uow:
        there = uow.within("harbour2")
        assert counted(there, cases) == counted(there, cases, "harbour2") == 1
        uow.commit()
        assert counted(uow, cases) == counted(uow, cases, "harbour1") == 1


def test_the_owner_still_sees_everything(two):
    with two.installation.database.reading(None) as uow:
        assert counted(uow, cases) == 2


def test_every_table_of_a_clinic_has_the_wall_and_a_missing_one_stops_the_start(two):
    database = two.installation.database
    check_rows_secured(database)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE cases NO FORCE ROW LEVEL SECURITY"))
    with pytest.raises(DatabaseWrong, match=r"the table cases\. Run: feedback db upgrade"):
        migrate.check_current(database, paths.migrations())
    secure_rows(database)
    migrate.check_current(database, paths.migrations())


OPENINGS = {
    "the wall switched off": "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
    "nobody let through": "DROP POLICY app_own ON cases",
    "everybody let through": "ALTER POLICY app_own ON cases USING (true)",
    "everything taken": "ALTER POLICY app_own ON cases WITH CHECK (true)",
    "one clinic more let through": "ALTER POLICY app_own ON cases USING "
    "(clinic_id = current_setting('feedback.clinic', true) OR clinic_id = 'harbour2')",
    "no clinic is every clinic": "ALTER POLICY app_own ON cases USING "
    "(clinic_id = coalesce(nullif(current_setting('feedback.clinic', true), ''), clinic_id))",
    "a second way in": 'CREATE POLICY "A way in" ON cases FOR SELECT USING (true)',
    "the owner's way in": "ALTER POLICY owner_all ON cases TO feedback_app",
}


@pytest.mark.parametrize("opening", OPENINGS)
def test_an_opening_in_the_wall_stops_the_start_and_an_upgrade_closes_it(two, opening):
    database = two.installation.database
    with database.engine.begin() as connection:
        connection.execute(text(OPENINGS[opening]))
    with pytest.raises(DatabaseWrong, match=r"the table cases\. Run: feedback db upgrade"):
        check_rows_secured(database)
    secure_rows(database)
    check_rows_secured(database)
    with database.restricted().reading("harbour1") as uow:
        assert counted(uow, cases) == 1


@pytest.mark.parametrize(("table", "order"), [("audit_log", "UPDATE"), ("audit_log", "DELETE"), ("ledger", "INSERT")])
def test_a_web_that_may_rewrite_the_log_or_publish_stops_the_start_and_an_upgrade_ends_it(two, table, order):
    database = two.installation.database
    with database.engine.begin() as connection:
        connection.execute(text(f"GRANT {order} ON {table} TO feedback_app"))
    with pytest.raises(DatabaseWrong, match=f"The web may change what is in the table {table}"):
        check_rows_secured(database)
    secure_rows(database)
    check_rows_secured(database)


MIGHT = {
    "passes by": ("ALTER ROLE feedback_app BYPASSRLS", "may pass by row security. Run: ALTER ROLE feedback_app NO"),
    "is mighty": ("ALTER ROLE feedback_app SUPERUSER", "may pass by row security. Run: ALTER ROLE feedback_app NO"),
    "owns a table": (
        "ALTER TABLE cases OWNER TO feedback_app",
        "may do what feedback_app may, who owns the table cases",
    ),
    "stands in for the owner": (
        "CREATE ROLE keeper; ALTER TABLE cases OWNER TO keeper; GRANT keeper TO feedback_app",
        "REVOKE keeper FROM feedback_app",
    ),
}


@pytest.mark.parametrize("might", MIGHT)
def test_a_role_that_could_pass_by_or_take_the_wall_down_stops_the_start(two, might):
    """Within a transaction that is taken back: the role belongs to the whole server, and other tests work under it."""
    order, told = MIGHT[might]
    with two.installation.database.engine.connect() as connection:
        connection.execute(text(order))
        with pytest.raises(DatabaseWrong, match=told):
            check_wall(connection, two.installation.database)
        connection.rollback()
    check_rows_secured(two.installation.database)


def test_the_role_can_neither_sign_in_nor_pass_by(two):
    with two.installation.database.reading(None) as uow:
        wanted = text("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'feedback_app'")
        assert tuple(uow.connection.execute(wanted).one()) == (False, False, False)


@pytest.fixture
def ordinary(bare_database):
    """An empty database that belongs to an ordinary account: it may sign in, and nothing more."""
    name = f"ordinary_{os.getpid()}"
    url = bare_database.engine.url
    superuser = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def order(statement):
        with superuser.connect() as connection:
            connection.execute(text(statement))

    order(f"CREATE ROLE {name} LOGIN")
    order(f"ALTER DATABASE {url.database} OWNER TO {name}")
    own = Database(url.set(username=name).render_as_string(hide_password=False))
    yield own, order
    own.close()
    order(f"REASSIGN OWNED BY {name} TO postgres")
    order(f"DROP OWNED BY {name}")
    order(f"DROP ROLE {name}")


def does_what_it_is_told(database, order):
    """Upgrade as an ordinary account: refused with what a superuser has to run, and then not."""
    with pytest.raises(DatabaseWrong) as refused:
        migrate.upgrade(database, paths.migrations())
    told = str(refused.value).partition("run: ")[2]
    assert "GRANT feedback_app TO ordinary_" in told
    for statement in filter(str.strip, told.split(";")):
        order(statement)
    migrate.upgrade(database, paths.migrations())
    migrate.check_current(database, paths.migrations())


def test_an_ordinary_account_is_told_what_to_run_and_then_owns_and_sees_everything(ordinary, clock, chance, tmp_path):
    database, order = ordinary
    does_what_it_is_told(database, order)
    small = World(install(database, tmp_path, clock=clock, chance=chance), a_clinic(), a_therapist())
    small.found()
    case = small.opens_a_case()
    with small.reading() as uow:
        assert counted(uow, cases) == 1
    with database.restricted().reading("harbour1") as uow:
        assert counted(uow, cases) == 1
    with database.restricted().reading("harbour2") as uow:
        assert counted(uow, cases) == 0
    small.meets(case)
    with small.writing() as uow:
        uow.connection.execute(delete(cases))
    assert rows(small, metadata.tables["therapy_sessions"], "harbour1") == 0, "what belongs to a case goes with it"


def test_a_backup_by_an_ordinary_owner_holds_every_row_and_another_puts_it_back(
    ordinary, bare_database, postgresql_shelf, clock, tmp_path
):
    database, order = ordinary
    does_what_it_is_told(database, order)
    small = World(install(database, tmp_path, clock=clock, chance=SystemChance()), a_clinic(), a_therapist())
    small.found()
    a_case_that_fell(small, off="yes", comment="Only for Dana.")
    hires_with_both_steps(small)
    it, file = small.installation, tmp_path / "clinic.backup"
    write_backup(database, it.keyring, file)
    before = sums_in(bare_database)
    assert before == sums_in(database), "the wall hides nothing from the tables' owner"
    filled = {table.name for table in WITHIN if rows(small, table, "harbour1")}
    assert {"responses", "answers", "rupture_flags", "staff", "audit_log"} <= filled
    with postgresql_shelf.empty(tmp_path) as bare:
        url, owner = bare.engine.url, database.engine.url.username
        order(f"ALTER DATABASE {url.database} OWNER TO {owner}")
        new = Database(url.set(username=owner).render_as_string(hide_password=False))
        told = restore_backup(new, clock, it.keyring, SystemChance(), journal=it.journal, file=file, by="operator")
        assert told.tables == before
        with new.restricted().reading("harbour1") as uow:
            assert counted(uow, metadata.tables["responses"]) == rows(small, metadata.tables["responses"], "harbour1")
        with new.restricted().reading("harbour2") as uow:
            assert counted(uow, metadata.tables["responses"]) == 0
        check_rows_secured(new)
        new.close()


@pytest.mark.parametrize(
    "order", ["INSERT INTO ledger (number) VALUES (1)", "DELETE FROM ledger", "UPDATE ledger SET chain = ''"]
)
def test_the_web_reads_published_figures_and_never_writes_them(two, order):
    web = two.installation.database.restricted()
    with web.reading("harbour1") as uow:
        assert uow.connection.execute(text("SELECT * FROM ledger")).all() == []
    with web.writing("harbour1") as uow, pytest.raises(ProgrammingError, match="permission denied"):
        uow.connection.execute(text(order))

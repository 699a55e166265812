"""PostgreSQL's own wall between clinics: row-level security, forced, for the role that the web works under.

Every query names its clinic already. This is the second wall, for the query that one day forgets to: under the role
`feedback_app` the database itself shows and takes rows of the transaction's clinic only, and none where no clinic is
chosen. It is put up at the end of every upgrade, for new tables too, and looked at when the server starts. Migrations,
filing and commands of the operator work as the owner. On SQLite there is no such wall, and one file per clinic instead.
"""

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database
from feedback.persistence.transaction import APP_ROLE, CLINIC_SETTING

_OPEN = ("doors",)
"""What must be found before the clinic is known: keyed hashes, and to which clinic each leads."""

_OWN = f"current_setting('{CLINIC_SETTING}', true)"

_TABLES = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND (c.relname = 'clinics' OR EXISTS ("
    "SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped)) "
    "AND (NOT :bare OR NOT (c.relrowsecurity AND c.relforcerowsecurity)) ORDER BY c.relname"
)
_ROLE = text(
    "SELECT rolsuper OR rolbypassrls AS is_mighty, pg_has_role(current_user, oid, 'MEMBER') AS is_ours "
    "FROM pg_roles WHERE rolname = :role"
)


def secure_rows(database: Database) -> None:
    """Put the wall up where it is not yet. Raises `DatabaseWrong` when this account may not make the role."""
    if database.is_sqlite:
        return
    with database.engine.begin() as connection:
        _provide_role(connection, database)
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"))
        for table in _tables(connection, bare=True):
            _wall(connection, table)
        there = _tables(connection)
        if "audit" in there:
            connection.execute(text(f"REVOKE UPDATE, DELETE ON audit FROM {APP_ROLE}"))
        if "ledger" in there:
            connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON ledger FROM {APP_ROLE}"))


def check_rows_secured(database: Database) -> None:
    """Pass when the wall stands. Raises `DatabaseWrong` with the first gap and the remedy."""
    if database.is_sqlite:
        return
    with database.engine.connect() as connection:
        role = connection.execute(_ROLE, {"role": APP_ROLE}).first()
        gaps = _tables(connection, bare=True)
    if role is None or gaps:
        gap = f"the table {gaps[0]}" if gaps else f"the role {APP_ROLE}"
        raise DatabaseWrong(f"Nothing keeps clinics apart in the database for {gap}. Run: feedback db upgrade")
    if role.is_mighty:
        raise DatabaseWrong(
            f"The role {APP_ROLE} may pass by row security. Run: ALTER ROLE {APP_ROLE} NOSUPERUSER NOBYPASSRLS"
        )
    if not role.is_ours:
        raise DatabaseWrong(f"This account may not work as {APP_ROLE}. As a superuser, run: {_grant(database)}")


def _provide_role(connection: Connection, database: Database) -> None:
    """Make the role, which belongs to the whole server and not to one database, and let this account take it on."""
    role = connection.execute(_ROLE, {"role": APP_ROLE}).first()
    try:
        with connection.begin_nested():
            if role is None:
                connection.execute(text(_MAKE_ROLE))
            if role is None or not role.is_ours:
                connection.execute(text(f"GRANT {APP_ROLE} TO CURRENT_USER"))
    except ProgrammingError as error:
        make = "" if role else f"CREATE ROLE {APP_ROLE} NOLOGIN; "
        raise DatabaseWrong(
            f"This account may not work as {APP_ROLE}. As a superuser, run: {make}{_grant(database)}"
        ) from error


def _grant(database: Database) -> str:
    return f"GRANT {APP_ROLE} TO {database.engine.url.username};"


_MAKE_ROLE = (
    f"DO $$ BEGIN CREATE ROLE {APP_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
)
"""Two upgrades at once, of two databases on one server, both end well."""


def _tables(connection: Connection, *, bare: bool = False) -> list[str]:
    """Name the tables whose rows belong to a clinic; with `bare` only those without the wall."""
    return [name for name in connection.scalars(_TABLES, {"bare": bare}) if name not in _OPEN]


def _wall(connection: Connection, table: str) -> None:
    """Show and take rows of the present clinic only, except to the owner.

    Clinics themselves may be read by all: their names, help numbers and choices stand on pages anybody can open.
    """
    own = f"{'id' if table == 'clinics' else 'clinic_id'} = {_OWN}"
    orders = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *(f"DROP POLICY IF EXISTS {policy} ON {table}" for policy in ("owner_all", "app_reads", "app_own")),
        f"CREATE POLICY owner_all ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]
    if table == "clinics":
        orders.append(f"CREATE POLICY app_reads ON {table} FOR SELECT TO {APP_ROLE} USING (true)")
        orders.append(f"CREATE POLICY app_own ON {table} FOR UPDATE TO {APP_ROLE} USING ({own}) WITH CHECK ({own})")
    else:
        orders.append(f"CREATE POLICY app_own ON {table} TO {APP_ROLE} USING ({own}) WITH CHECK ({own})")
    for order in orders:
        connection.execute(text(order))

"""PostgreSQL's own wall between clinics: row-level security, forced, for the role that the web works under.

Every query names its clinic already. This is the second wall, for the query that one day forgets to: under the role
`feedback_app` the database itself shows and takes rows of the transaction's clinic only, and none where no clinic is
chosen. It is put up at the end of every upgrade, for new tables too, and looked at when the server starts: that it is
there, that nobody made an opening in it, and that the role can neither pass by it nor take it down. Migrations, filing
and commands of the operator work as the owner. On SQLite there is no such wall, and one file per clinic instead.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import ProgrammingError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import APP_ROLE, CLINIC_SETTING, Database

_OPEN = ("tenant_lookup", "sealed_submissions")
"""What must be found before the clinic is known, by keyed hashes: whose each is, and sealed submissions."""

_APART = "Nothing keeps clinics apart in the database for"
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
_OWNED = text(
    "SELECT c.relname AS table, pg_get_userbyid(c.relowner) AS owner FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r' "
    "AND pg_has_role(CAST(:role AS name), c.relowner, 'MEMBER') ORDER BY c.relname"
)
_POLICIES = text(
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies "
    "WHERE schemaname = current_schema() AND permissive = 'PERMISSIVE' AND EXISTS (SELECT FROM unnest(roles) AS who "
    "WHERE CASE WHEN who = 'public' THEN true ELSE pg_has_role(CAST(:role AS name), who, 'MEMBER') END)"
)
"""What lets the web's role see or take rows, whoever it was written for."""

_NEVER = {
    "audit_log": "UPDATE, DELETE, TRUNCATE",
    "ledger": "INSERT, UPDATE, DELETE, TRUNCATE",
    "sealed_submissions": "SELECT, TRUNCATE",
}
"""What the web may not do to a table at all: the log is only added to, published figures only read, and what is sealed
is not read."""

_READABLE = {"sealed_submissions": "id, clinic_id"}
"""Columns that the web may read of a table that it may not read as a whole."""

_MAY = text("SELECT has_table_privilege(CAST(:role AS name), to_regclass(:table), :orders)")


def secure_rows(database: Database) -> None:
    """Put the wall up where it is not yet. Raises `DatabaseWrong` when this account may not make the role."""
    if database.is_sqlite:
        return
    with database.engine.begin() as connection:
        _provide_role(connection, database)
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"))
        for table, openings in _gaps(connection).items():
            _wall(connection, table, openings)
        present = set(connection.scalars(_TABLES, {"bare": False}))
        for table in _NEVER.keys() & present:
            connection.execute(text(f"REVOKE {_NEVER[table]} ON {table} FROM {APP_ROLE}"))
        for table, columns in ((table, _READABLE[table]) for table in _READABLE.keys() & present):
            connection.execute(text(f"GRANT SELECT ({columns}) ON {table} TO {APP_ROLE}"))


def check_rows_secured(database: Database) -> None:
    """Pass when the wall stands. Raises `DatabaseWrong` with the first gap and the remedy."""
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            check_wall(connection, database)


def check_wall(connection: Connection, database: Database) -> None:
    """Pass when the wall stands and the web's role can neither look through it nor take it down.

    Raises `DatabaseWrong`.
    """
    role = connection.execute(_ROLE, {"role": APP_ROLE}).first()
    if role is None:
        raise DatabaseWrong(f"{_APART} the role {APP_ROLE}. Run: feedback db upgrade")
    if role.is_mighty:
        raise DatabaseWrong(
            f"The role {APP_ROLE} may pass by row security. Run: ALTER ROLE {APP_ROLE} NOSUPERUSER NOBYPASSRLS"
        )
    if not role.is_ours:
        raise DatabaseWrong(f"This account may not work as {APP_ROLE}. As a superuser, run: {_grant(database)}")
    owned = connection.execute(_OWNED, {"role": APP_ROLE}).first()
    if owned:
        raise DatabaseWrong(
            f"The role {APP_ROLE} may do what {owned.owner} may, who owns the table {owned.table}. Give the table to "
            f"another account, or run: REVOKE {owned.owner} FROM {APP_ROLE}"
        )
    for table in _gaps(connection):
        raise DatabaseWrong(f"{_APART} the table {table}. Run: feedback db upgrade")
    for table, orders in _NEVER.items():
        if connection.scalar(_MAY, {"role": APP_ROLE, "table": table, "orders": orders}):
            raise DatabaseWrong(f"The web may change what is in the table {table}. Run: feedback db upgrade")


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


def _gaps(connection: Connection) -> Mapping[str, list[str]]:
    """Return each table without a whole wall, and the names of the policies that make an opening in it."""
    lets: dict[str, list[Row[tuple[str, str, str, str, str]]]] = defaultdict(list)
    for policy in connection.execute(_POLICIES, {"role": APP_ROLE}):
        lets[policy.tablename].append(policy)
    bare, gaps = _tables(connection, bare=True), {}
    for table in _tables(connection):
        openings = [policy.policyname for policy in lets[table] if not _keeps(policy)]
        if table in bare or openings or len(openings) == len(lets[table]):
            gaps[table] = openings
    return gaps


def _keeps(policy: Row[tuple[str, str, str, str, str]]) -> bool:
    """Return whether a policy lets the web have rows of the present clinic and no others."""
    if (policy.tablename, policy.cmd) == ("clinics", "SELECT"):
        return True
    said = {_plain(rule) for rule in (policy.qual, policy.with_check) if rule}
    return said == {_plain(_own(policy.tablename))}


def _own(table: str) -> str:
    return f"{'id' if table == 'clinics' else 'clinic_id'} = {_OWN}"


def _plain(rule: str) -> str:
    """Leave out of a rule what PostgreSQL adds when it writes it down: casts, brackets, blanks."""
    return re.sub(r"::\w+|[ ()]", "", rule)


def _wall(connection: Connection, table: str, openings: list[str]) -> None:
    """Show and take rows of the present clinic only, except to the owner; close what was opened.

    Clinics themselves may be read by all: their names, help numbers and choices stand on pages anybody can open.
    """
    own = _own(table)
    quoted = connection.dialect.identifier_preparer.quote
    orders = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *(
            f"DROP POLICY IF EXISTS {quoted(policy)} ON {table}"
            for policy in sorted({"owner_all", "app_reads", "app_own", *openings})
        ),
        f"CREATE POLICY owner_all ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]
    if table == "clinics":
        orders.append(f"CREATE POLICY app_reads ON {table} FOR SELECT TO {APP_ROLE} USING (true)")
        orders.append(f"CREATE POLICY app_own ON {table} FOR UPDATE TO {APP_ROLE} USING ({own}) WITH CHECK ({own})")
    else:
        orders.append(f"CREATE POLICY app_own ON {table} TO {APP_ROLE} USING ({own}) WITH CHECK ({own})")
    for order in orders:
        connection.execute(text(order))

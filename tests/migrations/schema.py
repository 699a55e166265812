"""A database's schema as it really is, read through the inspector: what Alembic's own comparison does not see too.

`alembic check` passes over CHECK constraints, names and some defaults; here each of them is a line of a plain dict.
"""

from typing import Any

from sqlalchemy import Connection, Inspector, inspect

from feedback.persistence.database import Database

BOOKKEEPING = "alembic_version"


def read_schema(database: Database) -> dict[str, dict[str, Any]]:
    """Give every table but Alembic's own, part by part, in a form that two databases of one engine share."""
    with database.engine.connect() as connection:
        inspector = inspect(connection)
        names = (name for name in inspector.get_table_names() if name != BOOKKEEPING)
        return {name: _table(inspector, connection, name) for name in sorted(names)}


def _table(inspector: Inspector, connection: Connection, name: str) -> dict[str, Any]:
    return {
        "columns": {column["name"]: _column(column, connection) for column in inspector.get_columns(name)},
        "primary key": _plain(inspector.get_pk_constraint(name)),
        "foreign keys": _named(inspector.get_foreign_keys(name)),
        "unique": _named(inspector.get_unique_constraints(name)),
        "checks": _named(inspector.get_check_constraints(name)),
        "indexes": _named(inspector.get_indexes(name)),
        "storage": _storage(connection, name),
    }


def _column(column: Any, connection: Connection) -> tuple[str, bool, str | None]:
    default = column.get("default")
    return column["type"].compile(connection.dialect), column["nullable"], default and " ".join(str(default).split())


def _named(parts: Any) -> dict[str, dict[str, Any]]:
    return {part["name"] or f"unnamed {_plain(part)}": _plain(part) for part in parts}


def _plain(part: Any) -> dict[str, Any]:
    """Keep what a part says; blanks within its SQL are how it was written, not what it means."""
    return {key: _said(value) for key, value in sorted(part.items()) if value not in (None, {}, [])}


def _said(value: Any) -> Any:
    """Give what one detail says; among those of one engine, the condition of an index is SQL as well."""
    if isinstance(value, dict):
        return {name: " ".join(str(each).split()) for name, each in value.items()}
    return " ".join(value.split()) if isinstance(value, str) else value


def _storage(connection: Connection, name: str) -> tuple[int, int] | None:
    """Say on SQLite whether a table is kept without row numbers, and whether its types are strict."""
    if connection.dialect.name != "sqlite":
        return None
    row = connection.exec_driver_sql(f"PRAGMA table_list('{name}')").one()
    return row.wr, row.strict

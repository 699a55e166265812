"""Upgrading and downgrading the database with Alembic, from code and without an ini file.

Alembic takes half a second to import and a server never migrates, so it is imported where something is migrated. What
a database is at, and what it should be at, is asked without it: revisions are numbered files in one line.
"""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.corruption import AFTER_DAMAGE, is_damage
from feedback.persistence.database import Database
from feedback.persistence.upkeep import restore_marker
from feedback.persistence.upkeep.row_security import check_rows_secured, secure_rows
from feedback.persistence.upkeep.sqlite_statistics import tell_sizes


def upgrade(database: Database, migrations: Path, revision: str = "head") -> None:
    """Bring the schema up to a revision, and put up again what no single migration can: see `complete`."""
    _alembic("upgrade", database, migrations, revision)
    complete(database)


def complete(database: Database) -> None:
    """Put the wall between clinics around every table, and tell SQLite how large tables become."""
    secure_rows(database)
    tell_sizes(database)


def downgrade(database: Database, migrations: Path, revision: str) -> None:
    """Take the schema down to a revision, `base` for none at all."""
    _alembic("downgrade", database, migrations, revision)


def _alembic(order: str, database: Database, migrations: Path, revision: str) -> None:
    from alembic import command  # noqa: PLC0415  see above
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config(attributes={"database": database})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    getattr(command, order)(config, revision)


def revisions(migrations: Path) -> tuple[str, ...]:
    """Name every revision a database may be at: `base` (no tables at all) first, the newest last."""
    return ("base", *sorted(file.name.partition("_")[0] for file in (migrations / "versions").glob("[0-9]*_*.py")))


def current(database: Database) -> str:
    """Name the revision the database is at. Raises `DatabaseWrong` when it is not there or does not answer."""
    if database.file is not None and not database.file.exists():
        raise DatabaseWrong(f"There is no database at {database.shown}. Make one with: feedback init --help")
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return "base"
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as error:
        if is_damage(error):
            raise DatabaseWrong(f"The database {database.shown} is damaged: {error.orig}. {AFTER_DAMAGE}") from None
        raise DatabaseWrong(f"The database {database.shown} does not answer. Check FEEDBACK_DATABASE_URL.") from None
    return found or "base"


def is_current(database: Database, migrations: Path) -> bool:
    """Return whether the database stands at the newest revision."""
    return current(database) == revisions(migrations)[-1] and not restore_marker.is_marked(database)


def check_current(database: Database, migrations: Path) -> None:
    """Pass when the database has this version's shape and is whole. Raises `DatabaseWrong`."""
    if restore_marker.is_marked(database):
        raise DatabaseWrong(f"A restore into {database.shown} was broken off. Run it again: feedback db restore FILE")
    if not is_current(database, migrations):
        raise DatabaseWrong(f"The database {database.shown} has another version's shape. Run: feedback db upgrade")
    check_rows_secured(database)

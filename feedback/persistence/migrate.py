"""Upgrading and downgrading the database with Alembic, from code and without an ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database


def _config(migrations: Path, database: Database) -> Config:
    config = Config(attributes={"database": database})
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, migrations: Path, revision: str = "head") -> None:
    """Bring the schema up to a revision."""
    command.upgrade(_config(migrations, database), revision)


def downgrade(database: Database, migrations: Path, revision: str) -> None:
    """Take the schema down to a revision, `base` for none at all."""
    command.downgrade(_config(migrations, database), revision)


def revisions(database: Database, migrations: Path) -> tuple[str, ...]:
    """Name every revision a database may be at, newest first, `base` (no tables at all) last."""
    script = ScriptDirectory.from_config(_config(migrations, database))
    return (*(revision.revision for revision in script.walk_revisions()), "base")


def newest(database: Database, migrations: Path) -> str | None:
    """Name the revision this version of the product works with."""
    return ScriptDirectory.from_config(_config(migrations, database)).get_current_head()


def current(database: Database) -> str | None:
    """Name the revision the database is at, or nothing when it has no tables.

    Raises `DatabaseWrong` when it is not there or does not answer.
    """
    if database.file is not None and not database.file.exists():
        raise DatabaseWrong(f"There is no database at {database.shown}. Make one with: feedback init --help")
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError:
        raise DatabaseWrong(f"The database {database.shown} does not answer. Check FEEDBACK_DATABASE_URL.") from None


def is_current(database: Database, migrations: Path) -> bool:
    """Say whether the database stands at the newest revision."""
    return current(database) == newest(database, migrations)


def check_current(database: Database, migrations: Path) -> None:
    """Pass when the database has this version's shape. Raises `DatabaseWrong`."""
    if not is_current(database, migrations):
        raise DatabaseWrong(f"The database {database.shown} has another version's shape. Run: feedback db upgrade")

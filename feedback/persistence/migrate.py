"""Upgrading and downgrading the database with Alembic, from code and without an ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

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


def is_current(database: Database, migrations: Path) -> bool:
    """Say whether the database stands at the newest revision."""
    newest = ScriptDirectory.from_config(_config(migrations, database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest

"""Every file that an installation has written, as a thief would take them."""

from functools import cached_property
from pathlib import Path

from sqlalchemy import text

from feedback.bootstrap import Installation
from tests.support.world import World


class Written(dict[str, bytes]):
    """The bytes of files, by name."""

    @cached_property
    def _distinct(self) -> bytes:
        """Return all there is to search, once: a cluster holds most of its files three times."""
        return b"\n".join(set(self.values()))

    def holding(self, mark: bytes) -> list[str]:
        """Name the files in which a mark lies."""
        return [name for name, content in self.items() if mark in content] if mark in self._distinct else []

    def but(self, *parts: str) -> "Written":
        """Return the files whose names have none of these parts."""
        return Written({name: content for name, content in self.items() if not any(part in name for part in parts)})

    def outside_the_log(self) -> "Written":
        """Leave PostgreSQL's log out, which is recycled in its own time; SQLite's is cut every night."""
        return self.but("/pg_wal/")


def everything_written(house: Installation) -> Written:
    """Return every file of the database and the data folder."""
    engine = house.database.engine
    house.database.close()
    files = [path for path in house.settings.data_dir.rglob("*") if path.is_file() and path.suffix != ".key"]
    if not house.database.is_sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.scalar(text("SHOW data_directory")))
        files += [path for path in (*folder.rglob("*"), folder.with_name("log")) if path.is_file()]
        assert any(path.parent.name == "pg_wal" for path in files)
    return Written({str(path): path.read_bytes() for path in files if path.exists()})


def recycle_the_log(world: World) -> None:
    """Let PostgreSQL write its way around all of its log, as it would in time."""
    with world.installation.database.maintaining() as connection:
        for _ in range(16):
            connection.execute(text("SELECT pg_logical_emit_message(false, 'time', repeat('passes ', 160000))"))
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))

"""Every file that an installation has written, as a thief would take them."""

from pathlib import Path

from sqlalchemy import text

from feedback.bootstrap import Installation


def everything_written(house: Installation) -> dict[str, bytes]:
    """Give the bytes of every file of the database and the data folder, by name."""
    engine = house.database.engine
    house.database.close()
    files = [path for path in house.settings.data_dir.rglob("*") if path.is_file() and path.suffix != ".key"]
    if not house.database.is_sqlite:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.scalar(text("SHOW data_directory")))
        files += [path for path in (*folder.rglob("*"), folder.with_name("log")) if path.is_file()]
        assert any(path.parent.name == "pg_wal" for path in files)
    return {str(path): path.read_bytes() for path in files if path.exists()}

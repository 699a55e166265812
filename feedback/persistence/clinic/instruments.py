"""What each version of an instrument said when it was first used here."""

from sqlalchemy import insert, select

from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import instruments

Version = tuple[str, int, str]
"""Id, version and language."""


def list_hashes(uow: UnitOfWork) -> dict[Version, str]:
    """Return the hash of each kept version's content."""
    rows = uow.connection.execute(
        select(instruments.c.id, instruments.c.version, instruments.c.language, instruments.c.content_hash)
    )
    return {(row.id, row.version, row.language): row.content_hash for row in rows}


def add_instrument(uow: UnitOfWork, version: Version, content: str, content_hash: str) -> None:
    """Keep the content of a version."""
    instrument_id, number, language = version
    values = {"id": instrument_id, "version": number, "language": language}
    uow.connection.execute(insert(instruments).values(**values, content=content, content_hash=content_hash))

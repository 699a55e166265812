"""Moving a clinic from one database to another, as from SQLite to PostgreSQL, and comparing the two."""

from feedback import paths
from feedback.domain.copying import TableSum, differing
from feedback.domain.errors import BackupWrong
from feedback.persistence.database import Database
from feedback.persistence.upkeep.migrate import check_current, revisions
from feedback.persistence.upkeep.table_copy import rows_in, standing_still, tables_in
from feedback.services.upkeep.fill_database import TableRows, check_is_empty, filled_database, sums_in


def move_database(source: Database, target: Database) -> tuple[TableSum, ...]:
    """Copy every row into an empty database and give what both hold now. The source stays as it is.

    Raises `DatabaseWrong` when the source is not in this version's shape, `BackupWrong` when the target is in use or
    the two are not the same afterwards: then somebody wrote to the source meanwhile, and the target stays unused.
    """
    check_current(source, paths.migrations())
    check_is_empty(target)
    with standing_still(source) as connection:
        on_their_way = (
            TableRows(table.name, tuple(column.name for column in table.c), rows_in(connection, table))
            for table in tables_in(connection)
        )
        with filled_database(target, revisions(paths.migrations())[-1], on_their_way) as filled:
            before, after = sums_in(source), sums_in(filled)
            if different := differing(before, after):
                raise BackupWrong(
                    f"{', '.join(different)} changed while they were copied. Stop the server, move again."
                )
    return after

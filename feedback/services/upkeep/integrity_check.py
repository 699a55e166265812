"""Looking a database's file over, at every start and every night: a damaged one is closed for writing."""

from feedback.domain.errors import DatabaseWrong
from feedback.persistence.corruption import AFTER_DAMAGE
from feedback.persistence.database import Database
from feedback.persistence.upkeep.examining import find_damage


def check_whole(database: Database, *, is_thorough: bool = False) -> None:
    """Pass when every page makes sense, and open a file for writing again that is whole now.

    Else the file is closed for writing, in every process, until a later look finds it whole; raises `DatabaseWrong`,
    which says what to do. `is_thorough` also holds indexes against tables, as is done where damage was met before.
    """
    damage = database.damage
    if damage is None:
        return
    if said := find_damage(database, is_thorough=is_thorough or bool(damage.said)):
        damage.leave(said)
        raise DatabaseWrong(f"The database {database.shown} is damaged: {said}. {AFTER_DAMAGE}")
    damage.lift()

"""Everything that is due, for a timer to ask for. Asking again, or twice at once, does nothing more."""

from dataclasses import dataclass

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import LedgerBroken
from feedback.domain.figures.release import Release, Rule
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.desk.send_notices import Post, Sent, send_notices
from feedback.services.figures.close_due import close_due
from feedback.services.upkeep.look_over import check_whole
from feedback.services.upkeep.purge import Purged, purge
from feedback.services.upkeep.rewrite_submissions import Rewritten, rewrite_submissions


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: periods closed, what was deleted, the rewrite unless today's is done, and what was sent."""

    closed: tuple[Release, ...]
    purged: Purged
    rewritten: Rewritten | None
    notices: Sent

    @property
    def is_nothing(self) -> bool:
        """True when nothing was due."""
        return not self.closed and self.purged == Purged() and self.rewritten is None and self.notices == Sent()


def run_due(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    journal: Journal,
    rule: Rule,
    post: Post | None = None,
) -> Done:
    """Close periods, delete what has had its time, rewrite sealed submissions if today's is not done, send notices.

    First of all the database's file is looked over, and a damaged one is left alone: raises `DatabaseWrong`.
    In this order: a period is counted before its answers may go, and the rewrite erases from the files what the other
    two deleted. Raises what each of them raises; a ledger that is not in order keeps neither of the others waiting.
    """
    check_whole(database, is_thorough=True)
    failed: LedgerBroken | None = None
    closed: tuple[Release, ...] = ()
    try:
        closed = close_due(database, clock, keyring, chance, journal=journal, rule=rule)
    except LedgerBroken as error:
        failed = error
    purged = purge(database, clock, chance, journal)
    rewritten = rewrite_submissions(database, clock, keyring, chance, only_if_due=True)
    sent = send_notices(database, clock, keyring, chance, post=post) if post else Sent()
    if failed is not None:
        raise failed
    return Done(closed, purged, rewritten, sent)

"""Everything that is due, for a timer to ask for. Asking again, or twice at once, does nothing more."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from feedback.domain.care import Chance
from feedback.domain.clock import Clock
from feedback.domain.errors import DomainError
from feedback.domain.figures.release import Release, Rule
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.dashboard.send_notices import Post, Sent, send_notices
from feedback.services.figures.close_due import close_due
from feedback.services.upkeep.integrity_check import check_whole
from feedback.services.upkeep.purge import Purged, purge
from feedback.services.upkeep.rewrite_submissions import Rewritten, rewrite_submissions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that ended with an error. It is tried again at the next run."""

    job: str
    error: Exception

    def __str__(self) -> str:
        """Return one line: the job, and the product's own message or the kind of the error, never its content."""
        said = str(self.error) if isinstance(self.error, DomainError | OSError) else type(self.error).__name__
        return f"{self.job}: {' '.join(said.split()).rstrip('.')}. It is tried again at the next run."


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: periods closed, what was deleted, the rewrite unless today's is done, and what was sent.

    `failures` names the jobs that ended with an error, in their order.
    """

    closed: tuple[Release, ...]
    purged: Purged
    rewritten: Rewritten | None
    notices: Sent
    failures: tuple[Failure, ...]

    @property
    def is_nothing(self) -> bool:
        """True when nothing was due."""
        return self == Done((), Purged(), None, Sent(), ())

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what an operator should know of, a line each."""
        return (*map(str, self.failures), *self.notices.problems)


@dataclass
class _Jobs:
    failures: list[Failure] = field(default_factory=list)

    def do(self, name: str, job: Callable[[], T], otherwise: T) -> T:
        """Return what a job gives, or note its error and return `otherwise`: no job keeps the next from being done."""
        try:
            return job()
        except Exception as error:  # noqa: BLE001  whatever it was, the jobs after it are still due
            self.failures.append(Failure(name, error))
            return otherwise


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
    two deleted. Each job stands alone: its error is in `failures` and keeps no other job waiting.
    """
    check_whole(database, is_thorough=True)
    jobs = _Jobs()
    return Done(
        closed=jobs.do(
            "closing periods", lambda: close_due(database, clock, keyring, chance, journal=journal, rule=rule), ()
        ),
        purged=jobs.do("deleting", lambda: purge(database, clock, chance, journal), Purged()),
        rewritten=jobs.do(
            "rewriting", lambda: rewrite_submissions(database, clock, keyring, chance, only_if_due=True), None
        ),
        notices=jobs.do(
            "notices", lambda: send_notices(database, clock, keyring, chance, post=post) if post else Sent(), Sent()
        ),
        failures=tuple(jobs.failures),
    )

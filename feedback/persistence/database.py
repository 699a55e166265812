"""The database: how it is opened, and the unit of work that every service is given.

SQLite runs with WAL, `synchronous=FULL` and `secure_delete`; a commit is acknowledged only when it is on the disk.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from copy import copy
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from feedback.domain.errors import ClosedForWriting, NoClinicChosen, NotReachable, NotSaved
from feedback.persistence.damage import DamageMark, is_damage
from feedback.persistence.transaction import Terms, Transaction, begin_on_terms
from feedback.persistence.writer_lock import WriterLock

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "busy_timeout=20000",
    "trusted_schema=OFF",
)


CLOSED = (
    "Nothing can be saved just now, because the clinic's database is damaged. What is there can still be read. Please "
    "tell whoever runs this server."
)

_SERVER_LOST = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server that fell silent, its cable cut, is given up after about ten seconds (the last in milliseconds): left to
itself a connection would wait a quarter of an hour for it. No statement has a limit: one that strikes a commit while
it waits for the standby would make it acknowledged without one."""


class UnitOfWork:
    """One transaction within one clinic. Leaving its block without `commit()` takes everything back."""

    def __init__(self, transaction: Transaction, clinic_id: str | None) -> None:
        self.transaction = transaction
        self._clinic_id = clinic_id

    @property
    def clinic_id(self) -> str:
        """Give the clinic every query is scoped to. Raises `NoClinicChosen` when there is none."""
        if self._clinic_id is None:
            raise NoClinicChosen("This query needs a clinic.")
        return self._clinic_id

    @property
    def connection(self) -> Connection:
        """Give SQLAlchemy's connection, for everything but the statements of the hot path."""
        return self.transaction.connection

    @property
    def database(self) -> str:
        """Name the kind of database: `sqlite` or `postgresql`."""
        return self.transaction.dialect.name

    def within(self, clinic_id: str) -> "UnitOfWork":
        """Give the same transaction, scoped to a clinic found through a door or made just now."""
        self.transaction.choose(clinic_id)
        return UnitOfWork(self.transaction, clinic_id)

    def commit(self) -> None:
        """Make everything durable."""
        self.transaction.commit()


class Database:
    """Opens units of work. Safe to share between threads. As a context manager it closes what it opened."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)
        self.is_restricted = False
        file = make_url(address).database
        self.file = Path(file) if self.is_sqlite and file else None
        self.damage = DamageMark(self.file) if self.file else None
        self._writer = WriterLock(self.file.with_name(f"{self.file.name}.writer")) if self.file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def restricted(self) -> "Database":
        """Give the same database for the web: on PostgreSQL every transaction then works under `feedback_app`.

        That role sees rows of the transaction's clinic only, whatever a query says. On SQLite nothing changes.
        """
        view = copy(self)
        view.is_restricted = not self.is_sqlite
        return view

    @property
    def shown(self) -> str:
        """Give where it is, fit to be printed: the file, or the address without its password."""
        return str(self.file) if self.file else self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """True for the one-file database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, clinic_id: str | None) -> Iterator[UnitOfWork]:
        """Open a unit of work that only reads. Raises `NotReachable` when the database does not answer just now."""
        try:
            with closing(self._connected(clinic_id)) as transaction:
                yield UnitOfWork(transaction, clinic_id)
        except DBAPIError as error:
            if not (self._is_damaged(error) or isinstance(error, OperationalError)):
                raise
            raise NotReachable("We cannot open this just now. Please try again in a minute.") from error

    @contextmanager
    def writing(self, clinic_id: str | None) -> Iterator[UnitOfWork]:
        """Open a unit of work that may write; on SQLite its turn is waited for first.

        Raises `NotSaved` when the database cannot take it just now (a full disk, a lost connection): nothing was kept.
        Its kind `ClosedForWriting` is for a damaged file, which is only read from then on.
        """
        self._check_whole()
        turn: AbstractContextManager[Any] = self._writer.held() if self._writer else nullcontext()
        with turn:
            try:
                with closing(self._connected(clinic_id, writes=True)) as transaction:
                    yield UnitOfWork(transaction, clinic_id)
            except DBAPIError as error:
                if self._is_damaged(error):
                    raise ClosedForWriting(CLOSED) from error
                if not isinstance(error, OperationalError):
                    raise
                raise NotSaved("This was not saved. Please try again in a minute.") from error

    def _check_whole(self) -> None:
        if self.damage and self.damage.said:
            raise ClosedForWriting(CLOSED)

    def _is_damaged(self, error: DBAPIError) -> bool:
        """Say whether the database met damage, and remember it."""
        if not is_damage(error):
            return False
        if self.damage:
            self.damage.leave(str(error.orig))
        return True

    def _connected(self, clinic_id: str | None, *, writes: bool = False) -> Transaction:
        return Transaction(self.engine, Terms(writes, self.is_restricted, clinic_id or ""))

    @contextmanager
    def maintaining(self) -> Iterator[Connection]:
        """Lend a connection outside any transaction, for orders that take none; on SQLite with the writer's turn.

        Raises `ClosedForWriting` when the file is damaged.
        """
        self._check_whole()
        turn: AbstractContextManager[Any] = self._writer.held() if self._writer else nullcontext()
        with turn, self.engine.connect() as connection:
            yield connection if self.is_sqlite else _tried(connection).execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _tried(connection: Connection) -> Connection:
    """Let go of a connection that the server has ended since it was last used: what is asked next opens another one."""
    try:
        connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    connection.rollback()
    return connection


def _engine(address: str) -> Engine:
    if not address.startswith("sqlite"):
        engine = create_engine(address, pool_size=16, pool_use_lifo=True, connect_args=dict(_SERVER_LOST))
        begin_on_terms(engine)
        return engine
    engine = create_engine(address, poolclass=QueuePool, pool_size=16, max_overflow=48, pool_use_lifo=True)
    event.listen(engine, "connect", _prepare_sqlite)
    begin_on_terms(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands: the driver would open them late and never as writers."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

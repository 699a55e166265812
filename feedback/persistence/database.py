"""The database: how it is opened, and the unit of work that every service is given.

SQLite runs with WAL, `synchronous=FULL` and `secure_delete`; a commit is acknowledged only when it is on the disk.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from feedback.domain.errors import ClosedForWriting, NoClinicChosen, NotReachable, NotSaved
from feedback.persistence.corruption import DamageMark, is_damage
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


APP_ROLE = "feedback_app"
"""The role of PostgreSQL that the web works under: see `row_security.py`."""

CLINIC_SETTING = "feedback.clinic"

_CHOOSE = f"SELECT set_config('{CLINIC_SETTING}', %s, true)"

_TAKE_ON = (
    f"SELECT set_config('role', '{APP_ROLE}', true), set_config('{CLINIC_SETTING}', %s, true), "
    "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('random_page_cost', '1.1', true)"
)
"""The web's role, its clinic and its way of planning, until the transaction ends. Pages look things up by their keys:
a statement is planned once for a connection, which took four fifths of a dashboard's time, and looking up a row costs
what it does in memory or on an SSD."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a transaction begins: on SQLite as the writer at once; on PostgreSQL read-only, or under the web's role.

    Under that role it sees the rows of `clinic_id` only, or of no clinic, and writes only where that was said before.
    """

    writes: bool = False
    is_restricted: bool = False
    clinic_id: str = ""


_PLAIN = Terms()


class UnitOfWork:
    """One transaction within one clinic.

    One that may write is committed when its block ends, and rolled back when that raises.
    """

    def __init__(self, connection: Connection, clinic_id: str | None) -> None:
        self.connection = connection
        self._clinic_id = clinic_id

    @property
    def clinic_id(self) -> str:
        """Return the clinic every query is scoped to. Raises `NoClinicChosen` when there is none."""
        if self._clinic_id is None:
            raise NoClinicChosen("This query needs a clinic.")
        return self._clinic_id

    @property
    def database(self) -> str:
        """Return the kind of database: `sqlite` or `postgresql`."""
        return self.connection.dialect.name

    def within(self, clinic_id: str) -> "UnitOfWork":
        """Return the same transaction, scoped to a clinic found by a lookup or made just now."""
        connection = self.connection
        is_chosen = connection.in_transaction() and connection.info.get(CLINIC_SETTING) == clinic_id
        if _terms_of(connection).is_restricted and not is_chosen:
            connection.exec_driver_sql(_CHOOSE, (clinic_id,))
            connection.info[CLINIC_SETTING] = clinic_id
        return UnitOfWork(self.connection, clinic_id)

    def commit(self) -> None:
        """Make everything durable before the block ends. What follows is another transaction."""
        self.connection.commit()

    def rollback(self) -> None:
        """Take back what was not committed, where a block ends well without wanting to keep it."""
        self.connection.rollback()


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
        """Return the same database for the web: on PostgreSQL every transaction then works under `feedback_app`.

        That role sees rows of the transaction's clinic only, whatever a query says. On SQLite nothing changes.
        """
        view = copy(self)
        view.is_restricted = not self.is_sqlite
        return view

    @property
    def shown(self) -> str:
        """Return where it is, fit to be printed: the file, or the address without its password."""
        return str(self.file) if self.file else self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """True for the one-file database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, clinic_id: str | None) -> Iterator[UnitOfWork]:
        """Open a unit of work that only reads. Raises `NotReachable` when the database does not answer just now."""
        try:
            with self._connected(Terms(is_restricted=self.is_restricted, clinic_id=clinic_id or "")) as connection:
                yield UnitOfWork(connection, clinic_id)
                if not self.is_sqlite:  # there it is read-only; a rollback makes psycopg forget what it has prepared
                    connection.commit()
        except DBAPIError as error:
            if not (self._is_damaged(error) or isinstance(error, OperationalError)):
                raise
            raise NotReachable("We cannot open this just now. Please try again in a minute.") from error

    @contextmanager
    def writing(self, clinic_id: str | None) -> Iterator[UnitOfWork]:
        """Open a unit of work that may write, committed at the end of its block; on SQLite its turn is waited for.

        Raises `NotSaved` when the database cannot take it just now (a full disk, a lost connection): nothing was kept.
        Its kind `ClosedForWriting` is for a damaged file, which is only read from then on.
        """
        self._check_whole()
        turn: AbstractContextManager[Any] = self._writer.held() if self._writer else nullcontext()
        with turn:
            try:
                with self._connected(
                    Terms(writes=True, is_restricted=self.is_restricted, clinic_id=clinic_id or "")
                ) as connection:
                    yield UnitOfWork(connection, clinic_id)
                    connection.commit()
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
        """Return whether the database met damage, and remember it."""
        if not is_damage(error):
            return False
        if self.damage:
            self.damage.leave(str(error.orig))
        return True

    @contextmanager
    def _connected(self, terms: Terms) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(feedback_terms=terms, postgresql_readonly=not terms.writes)

    @contextmanager
    def maintaining(self) -> Iterator[Connection]:
        """Yield a connection outside any transaction, for orders that take none; on SQLite with the writer's turn.

        Raises `ClosedForWriting` when the file is damaged.
        """
        self._check_whole()
        turn: AbstractContextManager[Any] = self._writer.held() if self._writer else nullcontext()
        with turn, self.engine.connect() as connection:
            yield connection if self.is_sqlite else connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(address: str) -> Engine:
    if address.startswith("sqlite"):
        engine = create_engine(address, poolclass=QueuePool, pool_size=16, max_overflow=48, pool_use_lifo=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(
            address, pool_size=16, pool_use_lifo=True, pool_pre_ping=True, connect_args=dict(_SERVER_LOST)
        )
        event.listen(engine, "begin", _begin_postgres)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Let transactions begin where SQLAlchemy says: the driver would open them late and never as writers."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _terms_of(connection).writes else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    terms = _terms_of(connection)
    if terms.is_restricted:
        connection.exec_driver_sql(_TAKE_ON, (terms.clinic_id,))
        connection.info[CLINIC_SETTING] = terms.clinic_id


def _terms_of(connection: Connection) -> Terms:
    terms: Terms = connection.get_execution_options().get("feedback_terms", _PLAIN)
    return terms

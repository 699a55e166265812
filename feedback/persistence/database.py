"""The database: how it is opened, and the unit of work that every service is given.

SQLite runs with WAL, `synchronous=FULL` and `secure_delete`; a commit is acknowledged only when it is on the disk.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from feedback.domain.errors import ClosedForWriting, NoClinicChosen, NotReachable, NotSaved
from feedback.persistence.damage import DamageMark, is_damage
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

APP_ROLE = "feedback_app"
"""The role of PostgreSQL that the web works under: see `row_security.py`."""

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

CLINIC_SETTING = "feedback.clinic"
_CHOOSE = text("SELECT set_config(:name, :clinic, true)")

_LOOKING_UP = {"plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
"""The web looks things up by their keys. PostgreSQL plans a statement once a connection then, not each time anew, which
took four fifths of a dashboard's time; and it takes looking up a row for as cheap as it is in memory or on an SSD."""

_TAKE_ON = "SELECT set_config(%s, %s, true)" + "".join(
    f", set_config('{name}', '{to}', true)" for name, to in ({"role": APP_ROLE} | _LOOKING_UP).items()
)


class Line:
    """The driver's own connection while a transaction lasts, and who listens to what it is asked.

    Found once for a transaction: looking for it at every statement cost as much as the statement.
    """

    def __init__(self, connection: Connection) -> None:
        if not connection.in_transaction():
            connection.begin()
        self.driver: Any = connection.connection.dbapi_connection
        self.listeners = tuple(connection.dispatch.before_cursor_execute)


class UnitOfWork:
    """One transaction within one clinic. Leaving its block without `commit()` takes everything back."""

    def __init__(self, connection: Connection, clinic_id: str | None, lines: list[Line] | None = None) -> None:
        self.connection = connection
        self._clinic_id = clinic_id
        self._lines = [] if lines is None else lines

    @property
    def clinic_id(self) -> str:
        """Give the clinic every query is scoped to. Raises `NoClinicChosen` when there is none."""
        if self._clinic_id is None:
            raise NoClinicChosen("This query needs a clinic.")
        return self._clinic_id

    def within(self, clinic_id: str) -> "UnitOfWork":
        """Give the same transaction, scoped to a clinic found through a door or made just now."""
        if self.connection.get_execution_options().get("feedback_restricted"):
            self.connection.execute(_CHOOSE, {"name": CLINIC_SETTING, "clinic": clinic_id})
        return UnitOfWork(self.connection, clinic_id, self._lines)

    def line(self) -> Line:
        """Give the driver's own connection within this transaction, which begins with it."""
        if not self._lines:
            self._lines.append(Line(self.connection))
        return self._lines[0]

    def drop_line(self) -> None:
        """Let go of the driver's connection: the transaction is over, or the connection broke."""
        self._lines.clear()

    def commit(self) -> None:
        """Make everything durable."""
        self.drop_line()
        self.connection.commit()


class Database:
    """Opens units of work. Safe to share between threads."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)
        self._writing = self.engine.execution_options(feedback_writes=True)
        self.is_restricted = False
        file = make_url(address).database
        self.file = Path(file) if self.is_sqlite and file else None
        self.damage = DamageMark(self.file) if self.file else None
        self._writer = WriterLock(self.file.with_name(f"{self.file.name}.writer")) if self.file else None

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
            with self._connected(clinic_id, self.engine) as connection:
                yield UnitOfWork(connection, clinic_id)
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
                with self._connected(clinic_id, self._writing) as connection:
                    yield UnitOfWork(connection, clinic_id)
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

    def _connected(self, clinic_id: str | None, engine: Engine) -> Connection:
        if not self.is_restricted:
            return engine.connect()
        return engine.connect().execution_options(feedback_restricted=True, feedback_clinic=clinic_id or "")

    @contextmanager
    def maintaining(self) -> Iterator[Connection]:
        """Lend a connection outside any transaction, for orders that take none; on SQLite with the writer's turn.

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
    if not address.startswith("sqlite"):
        engine = create_engine(address, pool_size=16, pool_pre_ping=True, connect_args=dict(_SERVER_LOST))
        event.listen(engine, "begin", _begin_restricted)
        return engine
    engine = create_engine(address, poolclass=QueuePool, pool_size=16, max_overflow=48)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_restricted(connection: Connection) -> None:
    """Take the web's role, clinic and way of planning on for this transaction; all end with it."""
    options = connection.get_execution_options()
    if options.get("feedback_restricted"):
        connection.exec_driver_sql(_TAKE_ON, (CLINIC_SETTING, options["feedback_clinic"]))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands: the driver would open them late and never as writers."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("feedback_writes", False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")

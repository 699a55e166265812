"""A transaction that begins at the driver. SQLAlchemy's connection is made over it when something asks for one.

The statements of the hot path are handed straight to the driver (`ready.py`), which asks for none. Making one, with its
own account of the transaction and its events, was two thirds of what an empty unit of work cost.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

APP_ROLE = "feedback_app"
"""The role of PostgreSQL that the web works under: see `row_security.py`."""

CLINIC_SETTING = "feedback.clinic"

_LOOKING_UP = {"plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
"""The web looks things up by their keys. PostgreSQL plans a statement once a connection then, not each time anew, which
took four fifths of a dashboard's time; and it takes looking up a row for as cheap as it is in memory or on an SSD."""

_TAKE_ON = f"SET LOCAL ROLE {APP_ROLE}" + "".join(f"; SET LOCAL {name} = {to}" for name, to in _LOOKING_UP.items())
"""The web's role and its way of planning; both end with the transaction."""

_TAKE_ON_READING = f"{_TAKE_ON}; SET LOCAL transaction_read_only = on"
"""The same for a transaction that only reads, which the server then holds to it."""

_CHOOSE = "SELECT set_config(%s, %s, true)"


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a transaction begins: on SQLite as the writer at once; on PostgreSQL under the web's role.

    Under that role it sees the rows of `clinic_id` only, or of no clinic, and writes only where that was said before.
    """

    writes: bool = False
    is_restricted: bool = False
    clinic_id: str = ""


_PLAIN = Terms()


class Transaction:
    """One transaction after the other on a connection of the pool, which goes back there with `close`.

    Each begins with the first thing that is asked. What the driver raises comes out as SQLAlchemy's `DBAPIError`.
    On PostgreSQL an order whose outcome nobody waits for goes out in one message with the next thing that is asked, or
    with the commit: nine of them took it a quarter of the time that nine messages take.
    """

    def __init__(self, engine: Engine, terms: Terms = _PLAIN) -> None:
        self.dialect = engine.dialect
        self.listeners = tuple(engine.dispatch.before_cursor_execute)
        self.is_restricted = terms.is_restricted
        self._engine = engine
        self._terms = terms
        self._chosen = terms.clinic_id
        self._is_begun = False
        self._connection: Connection | None = None
        self._put_off: list[tuple[Any, str, Any, bool]] = []
        self._driver: Any = None
        self._lend()

    def ask(self, text: str, parameters: Any) -> Any:
        """Let the driver run a statement inside the transaction, and give its cursor."""
        cursor = self._heard(text, parameters)
        if self._put_off:
            with self._catching_up():
                cursor.execute(text, parameters)
        else:
            self._run(cursor, text, parameters)
        return cursor

    def order(self, text: str, parameters: Any, *, many: bool = False) -> None:
        """Have a statement run; with `many` once for each of the parameters.

        What goes wrong may come out later; at once where nothing may be written, since there nothing may come later.
        """
        self._order(text, parameters, many=many, may_wait=self._terms.writes)

    @property
    def connection(self) -> Connection:
        """Give SQLAlchemy's connection, inside the same transaction."""
        if self._connection is None:
            if not self._is_begun:
                self._begin()
            if self._put_off:
                with self._catching_up():
                    pass
            self._connection = Connection(self._engine, self._lent).execution_options(feedback_terms=self._terms)
            self._connection.begin()
        return self._connection

    def choose(self, clinic_id: str) -> None:
        """Let the web's role see the rows of this clinic from now until the transaction ends."""
        if self.is_restricted and self._chosen != clinic_id:
            self._chosen = clinic_id
            self._order(_CHOOSE, (CLINIC_SETTING, clinic_id))

    def commit(self) -> None:
        """Make everything durable. What is asked next begins another one, on the same terms."""
        self._chosen = self._terms.clinic_id
        if self._connection is not None:
            self._connection.commit()
        elif self._is_begun:
            with self._catching_up():
                self._driver.commit()
            self._is_begun = False

    def close(self) -> None:
        """Take back what was not committed, and give the connection back."""
        if self.is_restricted and self._driver is not None:
            _take_back(self._driver)
        (self._lent if self._connection is None else self._connection).close()

    def in_our_words(self, error: Any, text: str = "", cursor: Any = None) -> BaseException:
        """Give the driver's error as SQLAlchemy's own, and let go of a connection that broke."""
        if self._driver is not None and self.dialect.is_disconnect(error, self._driver, cursor):
            (self._lent if self._connection is None else self._connection).invalidate(error)
        ours: BaseException = DBAPIError.instance(
            text, None, error, self.dialect.loaded_dbapi.Error, dialect=self.dialect
        )
        return ours

    def _heard(self, text: str, parameters: Any, *, many: bool = False) -> Any:
        """Give a cursor inside the transaction, once the listeners have heard what it is for."""
        if self._connection is not None:
            if not self._connection.in_transaction():
                self._connection.begin()
        elif not self._is_begun:
            self._begin()
        cursor = self._driver.cursor()
        for listener in self.listeners:
            listener(self.connection, cursor, text, parameters, None, many)
        return cursor

    def _order(self, text: str, parameters: Any, *, many: bool = False, may_wait: bool = True) -> None:
        cursor = self._heard(text, parameters, many=many)
        if may_wait and self._connection is None and self.dialect.name == "postgresql":
            self._put_off.append((cursor, text, parameters, many))
        else:
            self._run(cursor, text, parameters, many=many)

    def _run(self, cursor: Any, text: str, parameters: Any, *, many: bool = False) -> None:
        try:
            (cursor.executemany if many else cursor.execute)(text, parameters)
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error, text, cursor) from error

    @contextmanager
    def _catching_up(self) -> Iterator[None]:
        """Send what was put off, if there is any, together with what the block asks; its end waits for all of it."""
        orders, self._put_off = self._put_off, []
        try:
            with self._driver.pipeline() if orders else nullcontext():
                for cursor, text, parameters, many in orders:
                    (cursor.executemany if many else cursor.execute)(text, parameters)
                yield
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error) from error

    def _lend(self) -> None:
        self._driver = None
        try:
            self._lent = self._engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error) from error
        self._driver = self._lent.dbapi_connection

    def _begin(self, *, once_more: bool = True) -> None:
        """Begin. Where that finds the connection broken, nothing was lost yet: all are let go, and a new one begins.

        So no connection has to be tried before it is used, which was a seventh of an opening's way to the database.
        """
        try:
            _begin(self.dialect.name, self._driver, self._terms)
        except self.dialect.loaded_dbapi.Error as error:
            ours = self.in_our_words(error, "BEGIN")
            if self._lent.is_valid or not once_more:
                raise ours from error
            self._engine.dispose()
            self._lend()
            self._begin(once_more=False)
        self._is_begun = True


def begin_on_terms(engine: Engine) -> None:
    """Let SQLAlchemy's own connections begin as these transactions do, and join one that has begun at the driver."""
    event.listen(engine, "begin", _begun_by_sqlalchemy)


def _begun_by_sqlalchemy(connection: Connection) -> None:
    """Begin as one of ours. Others begin on PostgreSQL by themselves: in autocommit, or at a level of their own."""
    terms = connection.get_execution_options().get("feedback_terms")
    if terms is not None or connection.dialect.name == "sqlite":
        _begin(connection.dialect.name, connection.connection.dbapi_connection, terms or _PLAIN)


def _begin(database: str, driver: Any, terms: Terms) -> None:
    """Begin on the driver's connection, unless that has happened."""
    if database == "sqlite":
        if not driver.in_transaction:
            driver.execute("BEGIN IMMEDIATE" if terms.writes else "BEGIN")
    elif not _is_within(driver):
        taken_on = _TAKE_ON if terms.writes else _TAKE_ON_READING
        _begin_on_postgres(driver, taken_on if terms.is_restricted else "")
        if terms.is_restricted and terms.clinic_id:
            driver.execute(_CHOOSE, (CLINIC_SETTING, terms.clinic_id))


def _begin_on_postgres(driver: Any, orders: str) -> None:
    """Begin and give the first orders in one message; what goes wrong is met again, and raised, where they go apart."""
    driver.pgconn.exec_(f"BEGIN; {orders}".encode())
    if not _is_within(driver):
        driver.rollback()
        driver.execute(orders)


def _take_back(driver: Any) -> None:
    """Take back what a transaction of the web did, and let PostgreSQL's driver keep the statements it has prepared.

    Its own `rollback` forgets them all, because tables made meanwhile are gone; the web's role makes none. After an
    error it is right to forget: a prepared statement may itself be what is wrong.
    """
    if _is_within(driver):
        driver.pgconn.exec_(b"ROLLBACK")


def _is_within(driver: Any) -> bool:
    return bool(driver.info.transaction_status.name == "INTRANS")

"""A transaction that begins at the driver. SQLAlchemy's connection is made over it when something asks for one.

The statements of the hot path are handed straight to the driver (`ready.py`), which asks for none. Making one, with its
own account of the transaction and its events, was two thirds of what an empty unit of work cost.
"""

from contextlib import suppress
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

_TAKE_ON = "SELECT set_config(%s, %s, true)" + "".join(
    f", set_config('{name}', '{to}', true)" for name, to in ({"role": APP_ROLE} | _LOOKING_UP).items()
)
"""The web's role, its clinic and its way of planning, in one call; all end with the transaction."""

_TAKE_ON_READING = f"{_TAKE_ON}, set_config('transaction_read_only', 'on', true)"
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
        self._driver: Any = None
        try:
            self._lent = engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error) from error
        self._driver = self._lent.dbapi_connection

    @property
    def driver(self) -> Any:
        """Give the driver's own connection, inside the transaction."""
        if self._connection is not None:
            if not self._connection.in_transaction():
                self._connection.begin()
        elif not self._is_begun:
            self._begin()
        return self._driver

    @property
    def connection(self) -> Connection:
        """Give SQLAlchemy's connection, inside the same transaction."""
        if self._connection is None:
            made = Connection(self._engine, self._lent).execution_options(feedback_terms=self._terms)
            if self._is_begun:
                made.begin()
            self._connection = made
        return self._connection

    def choose(self, clinic_id: str) -> None:
        """Let the web's role see the rows of this clinic from now until the transaction ends."""
        if not self.is_restricted:
            return
        driver = self.driver
        if self._chosen == clinic_id:
            return
        try:
            driver.execute(_CHOOSE, (CLINIC_SETTING, clinic_id))
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error, _CHOOSE) from error
        self._chosen = clinic_id

    def commit(self) -> None:
        """Make everything durable. What is asked next begins another one, on the same terms."""
        self._chosen = self._terms.clinic_id
        if self._connection is not None:
            self._connection.commit()
        elif self._is_begun:
            self._is_begun = False
            try:
                self._driver.commit()
            except self.dialect.loaded_dbapi.Error as error:
                raise self.in_our_words(error, "COMMIT") from error

    def close(self) -> None:
        """Take back what was not committed, and give the connection back.

        Where the server let nothing be written there is nothing to take back. Such a transaction ends with a commit:
        the driver forgets all statements it has prepared at each rollback, and a page would be planned anew each time.
        """
        if self.is_restricted and not self._terms.writes and self._driver.info.transaction_status.name == "INTRANS":
            with suppress(DBAPIError):  # all was read; a connection that broke just now is let go of
                self.commit()
        (self._lent if self._connection is None else self._connection).close()

    def in_our_words(self, error: Any, text: str = "", cursor: Any = None) -> BaseException:
        """Give the driver's error as SQLAlchemy's own, and let go of a connection that broke."""
        if self._driver is not None and self.dialect.is_disconnect(error, self._driver, cursor):
            (self._lent if self._connection is None else self._connection).invalidate(error)
        ours: BaseException = DBAPIError.instance(
            text, None, error, self.dialect.loaded_dbapi.Error, dialect=self.dialect
        )
        return ours

    def _begin(self) -> None:
        try:
            _begin(self.dialect.name, self._driver, self._terms)
        except self.dialect.loaded_dbapi.Error as error:
            raise self.in_our_words(error, "BEGIN") from error
        self._is_begun = True


def begin_on_terms(engine: Engine) -> None:
    """Let SQLAlchemy's own connections begin as these transactions do, and join one that has begun at the driver."""
    event.listen(engine, "begin", _begun_by_sqlalchemy)


def _begun_by_sqlalchemy(connection: Connection) -> None:
    terms = connection.get_execution_options().get("feedback_terms", _PLAIN)
    _begin(connection.dialect.name, connection.connection.dbapi_connection, terms)


def _begin(database: str, driver: Any, terms: Terms) -> None:
    """Begin on the driver's connection, unless that has happened. PostgreSQL's driver begins by itself."""
    if database == "sqlite":
        if not driver.in_transaction:
            driver.execute("BEGIN IMMEDIATE" if terms.writes else "BEGIN")
    elif terms.is_restricted and driver.info.transaction_status.name == "IDLE":
        driver.execute(_TAKE_ON if terms.writes else _TAKE_ON_READING, (CLINIC_SETTING, terms.clinic_id))

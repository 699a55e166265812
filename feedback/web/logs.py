"""Logs as JSON lines, from an allow-list of fields. Client pages write no line of their own, only hourly counts.

No token, address, agent, query, body or exception message can reach a line: a field that is not listed is dropped.
"""

import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, request
from structlog.typing import EventDict, WrappedLogger

from feedback.web.surfaces import here, is_staff_page

FIELDS = frozenset({"event", "level", "timestamp", "route", "method", "status", "error", "hour", "counts"})

log = structlog.get_logger()


class Rapport(Flask):
    """Flask, with its own report of failures taken away: that would write the address of a form and a traceback."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Write the class of the error and the route it happened on; on a client page only count it."""
        if is_staff_page():
            name = exc_info[0].__name__ if exc_info[0] else "unknown"
            log.error("request.failed", route=_route(), method=request.method, error=name)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every function as it is. Flask asks of each hook at each request whether it is a coroutine: none is."""
        return func


class Counted:
    """How many client requests ended how, by whole hour, told when the hour is over and never sooner; staff's at once.

    `staff` holds requests of staff by the first digit of their status.
    """

    def __init__(self) -> None:
        self.staff: Counter[int] = Counter()
        self._guard = threading.Lock()
        self._hour = ""
        self._counts: Counter[str] = Counter()
        self._over = 0

    def count(self, now: datetime, what: str) -> None:
        """Count one more of a client; at the first of a new hour, write the hour before."""
        with self._guard:
            self._turn(now)
            self._counts[what] += 1

    def clients_by_the_hour(self, now: datetime) -> int:
        """Give how many requests of clients there were in hours that are over."""
        with self._guard:
            self._turn(now)
            return self._over

    def _turn(self, now: datetime) -> None:
        hour = f"{now:%Y-%m-%dT%H}"
        if hour != self._hour and self._counts:
            log.info("client.hour", hour=self._hour, counts=dict(self._counts))
            self._over += self._counts.total()
            self._counts.clear()
        self._hour = hour


def keep_listed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every field that is not on the list."""
    return {name: value for name, value in event.items() if name in FIELDS}


def install_logs(app: Flask, level: str) -> None:
    """Write lines to standard error, from this level up, and one per staff request."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    app.extensions["feedback-counted"] = counts = Counted()

    @app.after_request
    def write(response: Response) -> Response:
        if is_staff_page():
            counts.staff[response.status_code // 100] += 1
            log.info("request.done", route=_route(), method=request.method, status=response.status_code)
        elif request.blueprint == "intake":
            counts.count(here().clock.now(), f"{request.method} {response.status_code // 100}xx")
        return response


def _route() -> str:
    rule: Any = request.url_rule
    return rule.rule if rule else "unknown"

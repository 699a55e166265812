"""Logs as JSON lines, from an allow-list of fields. Client pages write no line of their own, only counts.

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

FIELDS = frozenset(
    {"event", "level", "timestamp", "route", "method", "status", "error", "day", "hour", "requests", "failures"}
)

_TENS, _FAILED = 10, 500

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
    """How many requests there were. Those of staff are told at once, by the first digit of their status, in `staff`.

    Those of clients are told without page, method or outcome: their number for a day that is over, rounded up to tens,
    so that it does not say whether one of a few was an answer; and how many failed on our side in an hour that is over.
    They are written when somebody else asks for something, never by a client's own request, which would date it.
    """

    def __init__(self) -> None:
        self.staff: Counter[int] = Counter()
        self._guard = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._requests_told = self._failures_told = 0

    def count_client(self, now: datetime, *, has_failed: bool) -> None:
        """Count one more request of a client."""
        with self._guard:
            self._requests[_day(now)] += 1
            if has_failed:
                self._failures[_hour(now)] += 1

    def tell_clients(self, now: datetime) -> tuple[int, int]:
        """Write what is over and was not written yet; return all requests and all failures written so far."""
        with self._guard:
            for day in [day for day in self._requests if day < _day(now)]:
                rounded = -(-self._requests.pop(day) // _TENS) * _TENS
                self._requests_told += rounded
                log.info("client.day", day=day, requests=rounded)
            for hour in [hour for hour in self._failures if hour < _hour(now)]:
                failed = self._failures.pop(hour)
                self._failures_told += failed
                log.error("client.failures", hour=hour, failures=failed)
            return self._requests_told, self._failures_told


def _day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"


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
            counts.tell_clients(here().clock.now())
        elif request.blueprint == "intake":
            counts.count_client(here().clock.now(), has_failed=response.status_code >= _FAILED)
        return response


def _route() -> str:
    rule: Any = request.url_rule
    return rule.rule if rule else "unknown"

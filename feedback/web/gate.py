"""Who comes in when too many come at once: some at work, some waiting their turn, and the rest asked to try again.

A phone that waits a minute for nothing is worse off than one that is told at once, with its answers still on the page:
the server keeps answering what it can answer, instead of answering everybody too late.
"""

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from feedback.domain.errors import DomainError, NotReachable, NotSaved
from feedback.web.headers import with_common
from feedback.web.surfaces import STAFF_BODY
from feedback.web.turns import Turns

AT_WORK = 16
"""Requests worked on at once. Python runs one at a time; the others wait for the disk or for a slow phone."""

WAITING = 240
"""Requests that may wait: with those at work, 256 phones that send in the same second are all let in."""

PATIENCE_SECONDS = 10.0
"""How long one waits for its turn."""

_ALWAYS = frozenset({"/healthz", "/metrics"})
"""What an operator asks an overloaded server: answered without waiting."""


class Gate:
    """A WSGI application with a door in front of it. What is refused gets the page of 503 with `Retry-After`."""

    def __init__(
        self, app: Flask, *, at_work: int = AT_WORK, waiting: int = WAITING, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._app = app
        self._most = at_work + waiting
        self._patience = patience_seconds
        self._turns = Turns(at_work)
        self._guard = threading.Lock()
        self.inside = 0
        self.refused = 0
        app.extensions["feedback-gate"] = self

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer when it is this request's turn, or say at once that it is not going to be."""
        if environ.get("PATH_INFO") in _ALWAYS:
            return self._app(environ, start_response)
        with self._counted() as is_let_in:
            if is_let_in:
                _take_body(environ)
            if is_let_in and self._turns.take(patience_seconds=self._patience):
                try:
                    return self._app(environ, start_response)
                finally:
                    self._turns.give_back()
            with self._guard:
                self.refused += 1
            return self._refuse(environ, start_response)

    @contextmanager
    def _counted(self) -> Iterator[bool]:
        """Count a request among those inside for the block, where there is room; give whether there was."""
        with self._guard:
            is_let_in = self.inside < self._most
            self.inside += is_let_in
        try:
            yield is_let_in
        finally:
            with self._guard:
                self.inside -= is_let_in

    def _refuse(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Say it as when the database cannot take it: nothing was kept, and trying again is safe."""
        is_send = environ["REQUEST_METHOD"] == "POST"
        error: DomainError = NotSaved("Too many at once.") if is_send else NotReachable("Too many at once.")

        def refusal(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            with self._app.request_context(environ):
                answer = self._app.make_response(self._app.handle_user_exception(error))
                return self._app.process_response(answer)(environ, start_response)

        secure = self._app.extensions["feedback"].settings.is_secure
        return with_common(refusal, secure=secure)(environ, start_response)


def _take_body(environ: dict[str, Any]) -> None:
    """Take in what is sent before a turn is taken, so that a phone that sends slowly keeps no other from its turn.

    A body that is too large, or does not say how large, is left where it is: the product refuses it unread.
    """
    length = str(environ.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and 0 < int(length) <= STAFF_BODY:
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))

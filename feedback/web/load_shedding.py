"""Load shedding in front of the application: some requests at work, some waiting, and the rest asked to try again.

A phone that waits a minute for nothing is worse off than one that is told at once, with its answers still on the page.
Answers to sent forms leave in steps of time, so that who watches the network does not learn by it which button was
pressed. Turns are fair between networks. Whoever only sends slowly, or waits, holds no thread: that happens in the
event loop of the server (RSGI); the application itself is WSGI and runs in a few threads.
"""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from feedback.domain.errors import BodyTooSlow, DomainError, NotReachable, NotSaved
from feedback.domain.fair_queue import FairQueue
from feedback.domain.limits import REQUESTS, STAFF_BODY, Turns, held_back
from feedback.domain.networks import Origin
from feedback.web.headers import with_common
from feedback.web.rate_limit import ORIGIN, read_origin
from feedback.web.slow_bodies import SlowBodies
from feedback.web.wsgi_environ import Answer, answer_of, environ_of, said_length

_ALWAYS = frozenset({"/healthz", "/metrics"})
"""What an operator asks an overloaded server: answered without waiting."""

_SPARE_THREADS = 2
"""For those answers, and for saying that there is no room."""


class LoadShedding:
    """An RSGI application around a WSGI one. What is refused gets the page of 503 or 408, with `Retry-After`."""

    def __init__(self, app: Flask, turns: Turns = REQUESTS, bodies: SlowBodies | None = None) -> None:
        self._app = app
        self._patience = turns.patience_seconds
        self._proxies = app.extensions["feedback"].settings.trusted_proxies
        self._secure = app.extensions["feedback"].settings.is_secure
        self._queue: FairQueue[asyncio.Future[bool]] = FairQueue(turns.at_once, turns.waiting)
        self._at_once = turns.at_once
        self._bodies = bodies or SlowBodies()
        self._threads = ThreadPoolExecutor(turns.at_once, "work")
        self._spare = ThreadPoolExecutor(_SPARE_THREADS, "spare")
        self.refused = 0
        app.extensions["feedback-load-shedding"] = self

    @property
    def inside(self) -> int:
        """Return how many requests are at work, wait, or are still arriving."""
        return self._at_once - self._queue.free + self._queue.waiting + self._bodies.count

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer when it is this request's turn, or say at once that it is not going to be."""
        if scope.proto != "http":
            protocol.close(None)
            return
        status, headers, body = await self.answer(environ_of(scope), protocol)
        protocol.response_bytes(status, headers, body)

    async def answer(self, environ: dict[str, Any], receive: Callable[[], Any]) -> Answer:
        """Return the answer to a request whose body can be received."""
        if environ["PATH_INFO"] in _ALWAYS:
            return await self._run(self._spare, self._app, environ)
        origin = environ[ORIGIN] = read_origin(environ, self._proxies)
        length = said_length(environ)
        if 0 < length <= STAFF_BODY:  # a larger one, or one of no stated length, is refused unread
            body = await self._bodies.read(origin.network, length, receive)
            if body is None:
                return await self._refuse(environ, BodyTooSlow("That took too long to arrive."))
            environ["wsgi.input"] = io.BytesIO(body)
        if not await self._take_turn(origin):
            is_send = environ["REQUEST_METHOD"] == "POST"
            return await self._refuse(environ, NotSaved("Busy.") if is_send else NotReachable("Busy."))
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._run(self._threads, self._app, environ)
        finally:
            self._give_back()
        if environ["REQUEST_METHOD"] == "POST":
            await asyncio.sleep(held_back(asyncio.get_running_loop().time() - began))
        return answer

    async def _take_turn(self, origin: Origin) -> bool:
        """Wait for a turn; return whether there was one before the patience ended or the line grew too long."""
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        entered = self._queue.enter(origin, mine)
        if entered.dropped is not None:
            entered.dropped.set_result(False)
        if entered.has_turn:
            return True
        try:
            await asyncio.wait((mine,), timeout=self._patience)
        except asyncio.CancelledError:
            if not self._queue.give_up(origin, mine) and mine.done() and mine.result():
                self._give_back()
            raise
        if mine.done():
            return mine.result()
        self._queue.give_up(origin, mine)
        return False

    def _give_back(self) -> None:
        following = self._queue.leave()
        if following is not None:
            following.set_result(True)

    async def _refuse(self, environ: dict[str, Any], error: DomainError) -> Answer:
        """Say it as when the database cannot take it: nothing was kept, and trying again is safe."""
        self.refused += 1

        def refusal(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            with self._app.request_context(environ):
                answer = self._app.make_response(self._app.handle_user_exception(error))
                return self._app.process_response(answer)(environ, start_response)

        return await self._run(self._spare, with_common(refusal, secure=self._secure), environ)

    @staticmethod
    async def _run(threads: ThreadPoolExecutor, application: Callable[..., Any], environ: dict[str, Any]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(threads, answer_of, application, environ)

"""Too many at once: who is at work, who waits, and who is told at once to come again; and what came too slowly."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from feedback.domain.limits import LARGE_BODIES, SEND_STEP_SECONDS, SMALL_BODIES, Turns
from feedback.web.load_shedding import LoadShedding
from feedback.web.slow_bodies import SlowBodies
from feedback.web.wsgi_environ import answer_of, environ_of
from tests.support.html import check

LONG = 30.0
"""Seconds, for what is sure to come."""
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])


def runs(coroutine):
    """Run it in a thread of its own: a browser's test in the same process leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def scope(path="/held", method="GET", *, client="192.0.2.1:4711", headers=(), **more):
    """A request as the server hands it over."""
    given = {"proto": "http", "http_version": "1.1", "server": "127.0.0.1:8000", "scheme": "https", "query_string": ""}
    given |= {"authority": None, "path": path, "method": method, "client": client} | more
    named = [("host", "hl.example"), *headers]
    return SimpleNamespace(**given, headers=SimpleNamespace(items=lambda: named))


class Protocol:
    """What the server gives beside a request: the body, once it is there, and a way to answer."""

    def __init__(self, body=b"", arrives=None):
        self._body, self._arrives, self.answer = body, arrives, None

    async def __call__(self):
        if self._arrives:
            await self._arrives.wait()
        return self._body

    def response_bytes(self, status, headers, body):
        self.answer = status, dict(headers), body.decode()


async def asks(shedding, *given, body=b"", arrives=None, **more):
    """Give status, headers and page."""
    length = [("content-length", str(len(body)))] if body else []
    protocol = Protocol(body, arrives)
    await shedding.__rsgi__(scope(*given, **{"headers": length} | more), protocol)
    return protocol.answer


class Held:
    """A page that ends when it is let, and says how many are on it."""

    def __init__(self, app):
        self.may_end, self.began = threading.Event(), threading.Semaphore(0)
        app.add_url_rule("/held", view_func=self._view)

    def _view(self):
        self.began.release()
        assert self.may_end.wait(LONG)
        return "done"

    async def has_begun(self):
        assert await asyncio.to_thread(self.began.acquire, timeout=LONG)


@pytest.fixture
def held(app):
    page = Held(app)
    yield page
    page.may_end.set()


@ON_ONE_ENGINE
@pytest.mark.parametrize(("method", "heading"), [("POST", "Not saved, please try again."), ("GET", "")])
def test_where_there_is_no_room_one_is_told_at_once_when_to_come_again(app, held, method, heading):
    async def run():
        shedding = LoadShedding(app, Turns(1, 0, LONG))
        first = asyncio.create_task(asks(shedding))
        await held.has_begun()
        refused = await asks(shedding, "/code", method)
        assert (shedding.inside, shedding.refused) == (1, 1)
        held.may_end.set()
        assert (await first)[0] == 200
        assert shedding.inside == 0
        assert (await asks(shedding))[0] == 200
        return refused

    status, headers, page = runs(run())
    assert (status, headers["Retry-After"]) == (503, "60")
    assert heading in page
    assert "999" in page, "help numbers stand on every page"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    check(page)


@ON_ONE_ENGINE
def test_a_flood_from_one_network_waits_behind_itself(app, held):
    order = []

    async def run():
        shedding = LoadShedding(app, Turns(1, 20, LONG))
        app.add_url_rule("/who/<name>", view_func=lambda name: order.append(name) or name)
        first = asyncio.create_task(asks(shedding))
        await held.has_begun()
        flood = [
            asyncio.create_task(asks(shedding, f"/who/{number}", client=f"198.51.100.{number % 3}:1"))
            for number in range(60)
        ]
        await asyncio.sleep(0.05)
        honest = asyncio.create_task(asks(shedding, "/who/honest"))
        await asyncio.sleep(0.05)
        held.may_end.set()
        answers = await asyncio.gather(first, honest, *flood)
        assert [answers[0][0], answers[1][0]] == [200, 200]
        assert sum(answer[0] == 503 for answer in answers) == 41
        assert shedding.inside == 0

    runs(run())
    assert order.index("honest") <= 1, "though forty came before"
    assert len(order) == 20


@ON_ONE_ENGINE
def test_patience_ends(app, held):
    async def run():
        shedding = LoadShedding(app, Turns(1, 1, 0.01))
        first = asyncio.create_task(asks(shedding))
        await held.has_begun()
        assert (await asks(shedding))[0] == 503
        assert (await asks(shedding))[0] == 503, "who left keeps no place"
        held.may_end.set()
        assert (await first)[0] == 200

    runs(run())


@ON_ONE_ENGINE
@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_the_operator_is_answered_all_the_same(app, held, path):
    async def run():
        shedding = LoadShedding(app, Turns(1, 0, LONG))
        first = asyncio.create_task(asks(shedding))
        await held.has_begun()
        assert (await asks(shedding, path, client="127.0.0.1:1"))[0] == 200
        held.may_end.set()
        await first

    runs(run())


@ON_ONE_ENGINE
def test_a_request_that_fails_gives_its_place_back(app):
    def breaks(_environ, _start_response):
        raise RuntimeError

    async def run():
        shedding = LoadShedding(app, Turns(1, 0, LONG))
        app.wsgi_app = breaks
        assert [(await asks(shedding))[0] for _ in range(3)] == [500] * 3
        assert shedding.inside == 0

    runs(run())


@ON_ONE_ENGINE
def test_what_is_sent_slowly_takes_no_turn(app):
    """Sixteen phones on a weak line would otherwise hold all the turns there are."""

    async def run():
        shedding, arrives = LoadShedding(app, Turns(1, 0, LONG)), asyncio.Event()
        slow = [
            asyncio.create_task(asks(shedding, "/code", "POST", body=b"code=x", arrives=arrives)) for _ in range(30)
        ]
        await asyncio.sleep(0.01)
        assert shedding.inside == 30
        assert (await asks(shedding, "/"))[0] == 200
        arrives.set()
        assert {answer[0] for answer in await asyncio.gather(*slow)} <= {400, 404, 503}

    runs(run())


@ON_ONE_ENGINE
def test_a_body_that_does_not_arrive_in_time_is_told_so(app):
    async def run():
        shedding = LoadShedding(app, bodies=SlowBodies(0.01))
        status, headers, page = await asks(shedding, "/code", "POST", body=b"code=x", arrives=asyncio.Event())
        assert (status, headers["Retry-After"]) == (408, "60")
        assert "Not saved, please try again." in page
        assert shedding.inside == 0

    runs(run())


@ON_ONE_ENGINE
@pytest.mark.parametrize(("length", "limit"), [(10, SMALL_BODIES), (100_000, LARGE_BODIES)])
def test_a_network_with_too_many_bodies_under_way_loses_its_oldest(app, length, limit):
    body = b"x" * length

    async def run():
        shedding, never = LoadShedding(app), asyncio.Event()
        slow = [
            asyncio.create_task(asks(shedding, "/code", "POST", body=body, arrives=never, client="198.51.100.1:1"))
            for _ in range(limit.of_network + 5)
        ]
        await asyncio.wait(slow[:5], timeout=LONG)
        await asyncio.sleep(0.05)
        done = [task for task in slow if task.done()]
        assert len(done) == 5
        assert {task.result()[0] for task in done} == {408}
        assert done == slow[:5]
        assert (await asks(shedding, "/code", "POST", body=b"code=x", client="198.51.100.1:2"))[0] == 404, "the same"
        never.set()
        await asyncio.gather(*slow)

    runs(run())


def test_bodies_of_many_networks_are_bounded_and_the_greediest_pays():
    async def run():
        bodies, never, gone = SlowBodies(), asyncio.Event(), []

        async def late():
            await never.wait()
            return b""

        async def read(network):
            if await bodies.read(network, 100_000, late) is None:
                gone.append(network)

        greedy = [asyncio.create_task(read("greedy")) for _ in range(4)]
        others = [asyncio.create_task(read(str(number))) for number in range(LARGE_BODIES.most - 4)]
        await asyncio.sleep(0.01)
        assert (bodies.count, gone) == (LARGE_BODIES.most, [])
        more = asyncio.create_task(read("more"))
        await asyncio.sleep(0.01)
        assert (bodies.count, gone) == (LARGE_BODIES.most, ["greedy"])
        never.set()
        await asyncio.gather(*greedy, *others, more)
        assert bodies.count == 0

    runs(run())


def test_a_sender_that_goes_away_leaves_nothing_behind():
    async def run():
        bodies = SlowBodies()

        async def goes():
            raise ConnectionError

        assert await bodies.read("one", 10, goes) is None
        assert bodies.count == 0

    runs(run())


@ON_ONE_ENGINE
def test_a_body_too_large_is_not_taken_in(app):
    class Untouched(Protocol):
        async def __call__(self):
            raise AssertionError("read")

    async def run():
        protocol = Untouched()
        await LoadShedding(app).__rsgi__(scope("/code", "POST", headers=[("content-length", str(2**30))]), protocol)
        assert protocol.answer[0] == 413

    runs(run())


def test_a_request_is_handed_over_as_wsgi_wants_it():
    sent = [("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "2.2.2.2")]
    sent += [("X_Forwarded_For", "6.6.6.6"), ("content-type", "text/plain")]
    environ = environ_of(scope("/a b/ä", headers=sent, client="[2001:db8::1]:80", query_string="x=%20"))
    assert environ["PATH_INFO"] == "/a b/ä".encode().decode("latin-1")
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2", "without the one that only looks like it"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("2001:db8::1", "8000")
    assert (environ["CONTENT_TYPE"], environ["HTTP_HOST"]) == ("text/plain", "hl.example")
    assert "PATH" not in environ, "nothing of the process's own environment"
    assert environ_of(scope(authority="two.example", headers=()))["HTTP_HOST"] == "hl.example"


def test_an_answer_is_closed_and_a_fault_outside_the_application_is_a_plain_500():
    class Parts(list):
        closed = False

        def close(self):
            self.closed = True

    parts = Parts([b"a", b"b"])
    assert answer_of(lambda _e, start: start("201 CREATED", [("A", "b")]) or parts, {}) == (201, [("A", "b")], b"ab")
    assert parts.closed
    assert answer_of(lambda *_: 1 / 0, {})[0] == 500


@ON_ONE_ENGINE
def test_the_answer_to_a_sent_form_leaves_in_a_step_of_time_and_a_page_at_once(app, monkeypatch):
    held, sleep = [], asyncio.sleep

    async def noted(seconds):
        held.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr("feedback.web.load_shedding.asyncio.sleep", noted)
    shedding = LoadShedding(app)
    runs(asks(shedding, "/"))
    assert held == []
    runs(asks(shedding, "/code", "POST", body=b"code=none"))
    assert len(held) == 1
    assert 0 <= held[0] <= SEND_STEP_SECONDS

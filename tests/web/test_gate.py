"""Too many at once: who is at work, who waits, and who is told at once to come again."""

import io
import threading

import pytest

from feedback.web.gate import Gate
from tests.support.html import check


class Held:
    """A page that ends when it is let, and says how many are on it."""

    def __init__(self, app):
        self.may_end = threading.Event()
        self.began = threading.Semaphore(0)
        app.add_url_rule("/held", view_func=self._view)

    def _view(self):
        self.began.release()
        assert self.may_end.wait(30)
        return "done"


def asks(gate, path="/held", method="GET", **environ):
    """Give status, headers and page, as a server gets them."""
    told = []
    given = {"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "hl.example", "SERVER_PORT": "443"}
    given |= {"wsgi.url_scheme": "https", "wsgi.input": None, "SERVER_PROTOCOL": "HTTP/1.1"} | environ
    pages = gate(given, lambda status, headers, _error=None: told.extend([status, dict(headers)]))
    return *told, b"".join(pages).decode()


@pytest.fixture
def held(app):
    """The slow page."""
    page = Held(app)
    yield page
    page.may_end.set()


def begins(gate, held):
    """Let a request begin in a thread of its own; gives the thread and where its answer will be."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(asks(gate)))
    thread.start()
    return thread, answers


@pytest.mark.parametrize(("method", "heading"), [("POST", "Not saved, please try again."), ("GET", "")])
def test_where_there_is_no_room_one_is_told_at_once_when_to_come_again(app, held, method, heading):
    gate = Gate(app, at_work=1, waiting=0)
    thread, answers = begins(gate, held)
    assert held.began.acquire(timeout=30)
    status, headers, page = asks(gate, "/code", method)
    assert (status, headers["Retry-After"]) == ("503 SERVICE UNAVAILABLE", "60")
    assert heading in page
    assert "999" in page, "help numbers stand on every page"
    assert headers["Cache-Control"] == "no-store"
    check(page)
    held.may_end.set()
    thread.join()
    assert answers[0][0] == "200 OK"
    assert (gate.inside, gate.refused) == (0, 1)
    assert asks(gate)[0] == "200 OK"


def test_who_waits_is_let_in_in_turn(app, held):
    gate = Gate(app, at_work=1, waiting=1)
    first, second = begins(gate, held), begins(gate, held)
    assert held.began.acquire(timeout=30)
    assert not held.began.acquire(timeout=0.05), "the second waits"
    held.may_end.set()
    for thread, answers in (first, second):
        thread.join()
        assert answers[0][0] == "200 OK"
    assert gate.refused == 0


def test_patience_ends(app, held):
    gate = Gate(app, at_work=1, waiting=1, patience_seconds=0.01)
    thread, _ = begins(gate, held)
    assert held.began.acquire(timeout=30)
    assert asks(gate)[0] == "503 SERVICE UNAVAILABLE"
    held.may_end.set()
    thread.join()


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_the_operator_is_answered_all_the_same(app, held, path):
    gate = Gate(app, at_work=1, waiting=0)
    thread, _ = begins(gate, held)
    assert held.began.acquire(timeout=30)
    assert asks(gate, path, REMOTE_ADDR="127.0.0.1")[0] == "200 OK"
    held.may_end.set()
    thread.join()


def test_a_request_that_fails_gives_its_place_back(app):
    def breaks(_environ, _start_response):
        raise RuntimeError

    gate = Gate(app, at_work=1, waiting=0)
    app.wsgi_app = breaks
    for _ in range(3):
        with pytest.raises(RuntimeError):
            asks(gate)
    assert gate.inside == 0


def test_what_is_sent_slowly_takes_no_turn(app):
    """Sixteen phones on a weak line would otherwise hold all the turns there are."""

    class Slow(io.BytesIO):
        def read(self, size=-1):
            read_at.append(gate._turns.free)
            return super().read(size)

    read_at = []
    gate = Gate(app, at_work=1)
    body = b"token=x"
    asks(gate, "/code", "POST", CONTENT_LENGTH=str(len(body)), **{"wsgi.input": Slow(body)})
    assert read_at == [1]


def test_a_body_too_large_is_not_taken_in(app):
    class Untouched(io.BytesIO):
        def read(self, size=-1):
            raise AssertionError(size)

    status, *_ = asks(Gate(app), "/code", "POST", CONTENT_LENGTH=str(2**30), **{"wsgi.input": Untouched()})
    assert status.startswith("413")

"""Secrets driven through every error path of both surfaces: none of them is printed, logged, counted or sent back.

A marked word is put wherever a request can hold one: address, query, fields, headers. Beside it real secrets are used:
a link, a typed code, a case code, a cookie, a password, a seed. Then everything the process wrote is searched, the
figures for a monitor, and every page of an error that is not a form's own. Nothing sends traces: no library that could
is a part of the product (`tests/house/test_hygiene.py`). For proxies see `tests/reliability/test_proxies.py`.
"""

import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from jinja2 import Environment
from sqlalchemy.exc import OperationalError

from feedback.domain.clock import FixedClock
from feedback.domain.limits import TYPED_CODE
from feedback.persistence.database import Database
from feedback.services.answers import resolve_access_code
from feedback.web import create_app
from feedback.web.intake import form as client_form
from feedback.web.therapist import dashboard
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import PHRASE, hires_with_both_steps
from tests.support.desk import BASE, Desk
from tests.support.phone import NONCE

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MARK = "ZQXJKVZQ"
"""Letters of the alphabet of codes, so that it can stand in one; found in any case and in the usual encodings."""

EVERYWHERE = {
    "User-Agent": MARK,
    "Referer": f"https://hl.example/F/{MARK}",
    "X-Forwarded-For": f"{MARK}, 192.0.2.{MARK}",
    "X-Forwarded-Proto": MARK,
    "X-Request-Id": MARK,
    "Authorization": f"Bearer {MARK}",
    "Accept-Language": f"de, {MARK}",
    "Traceparent": MARK,
}
FIELDS = {"comment": MARK, "email": f"{MARK}@example.org", "password": f"{MARK} {MARK}", "code": MARK, "note": MARK}


SAYS_NO_MORE = {404, 405, 410, 413, 500, 503}
"""Answers in which nothing that was sent stands again; a form that was refused keeps what somebody typed."""


class Fault(Exception):
    """Something breaks that has secrets in its hands."""


@pytest.fixture
def told(world, capfd, monkeypatch):
    """A clinic whose process writes everything it can; gives the world and a way to read what it wrote."""
    chatty = world.installation.settings.model_copy(update={"log_level": "debug", "trusted_proxies": 1})
    world.installation = replace(world.installation, settings=chatty)
    few = replace(TYPED_CODE, network=TYPED_CODE.address)  # where they come from is not to be read in all that noise
    monkeypatch.setattr(resolve_access_code, "TYPED_CODE", few)
    return world, lambda: "".join(capfd.readouterr())


def breaks(*_anything, **_more):
    raise Fault(f"while {MARK} was at hand")


@contextmanager
def broken(monkeypatch, place, name, by=breaks):
    with monkeypatch.context() as patch:
        patch.setattr(place, name, by)
        yield


def away(*_anything, **_more):
    raise OperationalError(f"SELECT '{MARK}'", {"code": MARK}, Exception(MARK))


def template_fault(monkeypatch):
    """A page whose template asks for what is not there, by a name that is a secret."""

    def render(_name, **_context):
        return Environment(autoescape=True).from_string("{{ {}['" + MARK + "'].x }}").render()

    return broken(monkeypatch, dashboard, "render_template", render)


def client_paths(world, http, case):
    """Ask for every error a client can meet, with the mark and a real code in hand; gives the statuses."""
    shown = world.shows_a_code(case, world.meets(case))
    known, more = f"/F/{shown.token}?q={MARK}", {"base_url": BASE, "headers": EVERYWHERE}
    nonce = NONCE.search(http.get(known, **more).text)[1]
    yield http.post(known, data=FIELDS | {"nonce": nonce, "audience": MARK}, **more)
    yield http.post(known, data=FIELDS, base_url=BASE, headers=EVERYWHERE | {"Origin": f"https://{MARK}.example"})
    yield http.get(f"/F/{MARK}?q={MARK}", **more)
    yield http.get(f"/nowhere/{MARK}", **more)
    yield http.put(known, data=FIELDS, **more)
    yield http.post(known, data={"comment": MARK * 3000}, **more)
    yield http.post(known, data=b"\xff" + MARK.encode(), content_type=f"multipart/form-data; boundary={MARK}", **more)
    yield http.post("/code", data={"code": f"{MARK[:4]}-{MARK[4:]}"}, **more)
    yield http.post("/withdraw", data={"receipt": f"{MARK}{MARK}"}, **more)
    yield http.get("/", headers=EVERYWHERE | {"Host": f"{MARK}.example"})
    for _ in range(TYPED_CODE.address.burst + 1):
        late = http.post("/code", data={"code": f"{MARK[:4]}-{MARK[4:]}"}, **more)
    yield late
    old = world.on("2026-03-20")
    yield create_app(old.installation).test_client(use_cookies=False).get(known, **more)


def staff_paths(world, desk, app, case):
    """The same for staff, signed in and not."""
    more = {"base_url": BASE, "headers": EVERYWHERE}

    def sends(path, **fields):
        return desk.http.post(path, data={"csrf_token": desk.secret} | FIELDS | fields, **more)

    yield sends("/cases", csrf_token=MARK)
    yield sends(f"/cases/{case.code}/sessions", held_on=MARK)
    yield desk.http.post(
        f"/cases/{case.code}/close", base_url=BASE, headers=EVERYWHERE | {"Sec-Fetch-Site": "cross-site"}
    )
    yield desk.http.get(f"/cases/{MARK}?q={MARK}", **more)
    yield desk.http.put(f"/cases/{case.code}", data=FIELDS, **more)
    yield sends("/cases", comment=MARK * 200_000)
    yield desk.http.get("/dashboard", headers=EVERYWHERE | {"Host": f"{MARK}.example"})
    yield sends(f"/cases/{case.code}/close")
    yield sends(f"/cases/{case.code}/sessions")
    yield desk.http.get(f"/invite/{MARK * 6}", **more)
    yield desk.http.post("/sign-in", data=FIELDS, **more)
    yield desk.http.post("/sign-in/passkey", data={"answer": json.dumps({"id": MARK})}, **more)
    for _ in range(6):
        wrong = sends("/account/confirm", password=PHRASE, code="000000")
    yield wrong
    yield sends("/account/confirm", password=PHRASE, code=app.recovery_codes[0])


def told_to_a_monitor(world, http):
    """Ask for the figures a day later, when what clients did is in them, as a monitor on this machine would."""
    app = http.application
    later = FixedClock(world.installation.clock.now() + timedelta(days=1))
    app.extensions["feedback"] = replace(app.extensions["feedback"], clock=later)
    for path in ("/healthz", "/readyz", "/metrics", f"/F/{MARK}"):
        http.get(path, base_url=BASE, headers=EVERYWHERE)
    figures = http.get("/metrics", base_url=BASE)
    assert figures.status_code == 200
    assert "feedback_client_requests_total" in figures.text
    return figures.text


def test_nothing_that_is_secret_is_written_on_any_error_path(told, monkeypatch):
    world, written = told
    person, app = hires_with_both_steps(world)
    case, other = world.opens_a_case(by=person, label=MARK), a_case_that_fell(world, comment=MARK)
    desk = Desk(world, person, strict=False)
    http = create_app(world.installation).test_client(use_cookies=False)
    shown = world.shows_a_code(other, world.meets(other))
    link = f"/F/{shown.token}"
    staff, client = list(staff_paths(world, desk, app, case)), list(client_paths(world, http, other))
    with broken(monkeypatch, client_form, "page_of"):
        client.append(http.get(link, base_url=BASE, headers=EVERYWHERE))
    fresh = Desk(world, person, strict=False)
    with template_fault(monkeypatch):
        staff.append(fresh.http.get(f"/dashboard?q={MARK}", base_url=BASE, headers=EVERYWHERE))
    with broken(monkeypatch, Database, "_connected", away):
        client += [http.get(link, base_url=BASE, headers=EVERYWHERE), http.post("/code", data=FIELDS, base_url=BASE)]
        staff.append(fresh.http.get(f"/cases/{case.code}", base_url=BASE, headers=EVERYWHERE))
        staff.append(fresh.http.post("/sign-in", data=FIELDS, base_url=BASE, headers=EVERYWHERE))
    figures = [told_to_a_monitor(world, each) for each in (http, desk.http, fresh.http)]
    assert {answer.status_code for answer in client} >= {400, 403, 404, 405, 410, 413, 429, 500, 503}
    assert {answer.status_code for answer in staff} >= {400, 403, 404, 405, 409, 413, 429, 500, 503}
    bare = [answer for answer in client + staff if answer.status_code in SAYS_NO_MORE]
    assert [answer.request.path for answer in bare if MARK in answer.text + str(answer.headers)] == []
    output = written()
    cookie = fresh.http.get_cookie("__Host-feedback", "hl.example").value
    secret = (MARK, quote(MARK), MARK.encode().hex(), shown.token, shown.typed, case.code, other.code, PHRASE, app.seed)
    for word in (*secret, *app.recovery_codes, cookie, fresh.secret, person.email, person.id, "Traceback"):
        assert word.lower() not in output.lower(), word
        assert not [told for told in figures if word.lower() in told.lower()], word
    lines = [json.loads(line) for line in output.splitlines()]
    assert {"request.done", "request.failed", "client.day", "client.failures"} <= {line["event"] for line in lines}, (
        "it did write: the errors, by class"
    )
    assert {line.get("error") for line in lines} >= {"UndefinedError"}


def test_what_reaches_a_line_after_all_would_be_found(told, monkeypatch):
    world, written = told
    with broken(
        monkeypatch, dashboard, "render_template", lambda *_name, **_more: sys.stderr.write(f"page of {MARK}") and ""
    ):
        Desk(world, world.therapist, strict=False).opens("/dashboard")
    assert MARK in written()

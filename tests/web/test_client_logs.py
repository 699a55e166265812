"""Client pages leave no line of their own: only counts, without a path, a code or a word."""

import json

import pytest

from feedback.web.intake import form
from feedback.web.logs import log


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def a_visit_and_a_fault(phone, world, code, monkeypatch):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, nonce=nonce, comment="a secret")
    phone.opens("0" * 26)
    monkeypatch.setattr(form, "page_of", lambda _form: 1 / 0)
    case = world.opens_a_case()
    phone.opens(world.shows_a_code(case, world.meets(case)).token)


def test_a_whole_journey_and_a_fault_write_nothing_and_then_counts(phone, world, code, capsys, monkeypatch):
    a_visit_and_a_fault(phone, world, code, monkeypatch)
    assert lines(capsys) == []
    app = phone.http.application
    app.extensions["feedback"] = world.on("2026-03-02", hour=13).installation
    app.test_client().get("/sign-in")
    failed, _request = sorted(lines(capsys), key=lambda line: line["event"])
    assert {name: failed[name] for name in ("hour", "failures")} == {"hour": "2026-03-02T12", "failures": 1}
    app.extensions["feedback"] = world.on("2026-03-03", hour=9).installation
    phone.opens("0" * 26)
    assert lines(capsys) == [], "a line would date the first request of the day"
    app.test_client().get("/sign-in")
    day, _request = sorted(lines(capsys), key=lambda line: line["event"])
    assert set(day) == {"event", "level", "timestamp", "day", "requests"}
    assert (day["day"], day["requests"]) == ("2026-03-02", 10)


def test_a_day_on_which_somebody_answered_reads_like_one_on_which_somebody_only_looked(phone, world, code, capsys):
    told = []
    app = phone.http.application
    for day, following in (("2026-03-02", "2026-03-03"), ("2026-03-03", "2026-03-04")):
        app.extensions["feedback"] = world.on(day).installation
        nonce = phone.nonce(code.token)
        if day == "2026-03-03":
            assert phone.http.get(phone.sends(code.token, "totals", nonce=nonce).location).status_code == 200
        app.extensions["feedback"] = world.on(following).installation
        app.test_client().get("/sign-in")
        told += [line["requests"] for line in lines(capsys) if line["event"] == "client.day"]
    assert told == [10, 10]


@pytest.mark.parametrize("field", ["token", "path", "comment", "remote_addr", "user_agent", "exception", "query"])
def test_a_field_that_is_not_listed_cannot_reach_a_line(app, capsys, field):
    log.warning("something.happened", **{field: "SENTINEL"})
    assert "SENTINEL" not in capsys.readouterr().err

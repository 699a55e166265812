"""Client pages leave no line of their own: only hourly counts, without a path, a code or a word."""

import json

import pytest

from feedback.web.intake import form
from feedback.web.logs import log


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_whole_journey_and_a_fault_write_nothing_and_then_one_count(phone, world, code, capsys, monkeypatch):
    nonce = phone.nonce(code.token)
    phone.sends(code.token, nonce=nonce, comment="a secret")
    phone.opens("0" * 26)
    monkeypatch.setattr(form, "page_of", lambda _form: 1 / 0)
    case = world.opens_a_case()
    phone.opens(world.shows_a_code(case, world.meets(case)).token)
    assert lines(capsys) == []
    phone.http.application.extensions["feedback"] = world.on("2026-03-02", hour=13).installation
    phone.opens("0" * 26)
    (line,) = lines(capsys)
    assert line["counts"] == {"GET 2xx": 1, "GET 4xx": 1, "GET 5xx": 1, "POST 3xx": 1}
    assert set(line) == {"event", "level", "timestamp", "hour", "counts"}


@pytest.mark.parametrize("field", ["token", "path", "comment", "remote_addr", "user_agent", "exception", "query"])
def test_a_field_that_is_not_listed_cannot_reach_a_line(app, capsys, field):
    log.warning("something.happened", **{field: "SENTINEL"})
    assert "SENTINEL" not in capsys.readouterr().err

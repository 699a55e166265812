"""What a monitor reads, and what it must never be able to read."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from feedback.domain.clock import FixedClock
from feedback.web import create_app
from feedback.web.load_shedding import LoadShedding

TOKEN = "monitor-" + "a" * 20
LABELS = r'\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\}'
LINE = re.compile(rf"# HELP feedback_\w+ .+|# TYPE feedback_\w+ (?:gauge|counter)|feedback_\w+(?:{LABELS})? [0-9.e+]+")


def app_with(world, **changed):
    it = world.installation
    return create_app(replace(it, settings=it.settings.model_copy(update=changed)))


def read(app, **environ):
    given = {"REMOTE_ADDR": "127.0.0.1"} | environ
    return app.test_client().get("/metrics", environ_overrides=given)


def value(text, name):
    return float(re.search(rf"^feedback_{name}(?:\{{.*\}})? (\S+)$", text, flags=re.MULTILINE)[1])


def test_every_line_is_one_that_prometheus_reads(app):
    app.test_client().get("/dashboard")
    LoadShedding(app)
    answer = read(app)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names)) == 10
    assert 'feedback_ready{check="keys"} 1' in lines
    assert value(answer.text, "staff_requests_total") == 1


@pytest.mark.parametrize(
    "elsewhere", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, {"HTTP_FORWARDED": "for=x"}]
)
def test_without_a_token_only_this_machine_reads_it(app, elsewhere):
    assert read(app, **elsewhere).status_code == 404


def test_with_a_token_whoever_shows_it(world):
    app = app_with(world, metrics=TOKEN)
    assert read(app).status_code == 404
    assert read(app, HTTP_AUTHORIZATION=f"Bearer {TOKEN}x").status_code == 404
    assert read(app, HTTP_AUTHORIZATION=f"Bearer {TOKEN}", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_guessing_the_token_is_slowed_and_the_monitor_elsewhere_is_answered(world):
    app = app_with(world, metrics=TOKEN)
    wrong = [read(app, HTTP_AUTHORIZATION=f"Bearer {number}", REMOTE_ADDR="198.51.100.9") for number in range(15)]
    assert [answer.status_code for answer in wrong] == [404] * 10 + [429] * 5
    assert read(app, HTTP_AUTHORIZATION=f"Bearer {TOKEN}", REMOTE_ADDR="198.51.100.10").status_code == 200
    assert {read(app, REMOTE_ADDR="198.51.100.11").status_code for _ in range(30)} == {404}, "no token is no guess"


def test_it_can_be_switched_off(world):
    assert read(app_with(world, metrics="off"), HTTP_AUTHORIZATION="Bearer off").status_code == 404


def test_an_answer_is_not_seen_arriving(world, app, phone, code):
    """Not until the day is over, and then as one number with every other request of a client, rounded up to tens."""
    before = read(app).text
    phone.sends(code.token, audience="totals")
    phone.sends(code.token)
    steady = re.compile(r"^feedback_(memory|processor|disk).*$", flags=re.MULTILINE)
    assert steady.sub("", read(app).text) == steady.sub("", before)
    later = replace(world.installation, clock=FixedClock(world.installation.clock.now() + timedelta(days=1)))
    app.extensions["feedback"] = replace(app.extensions["feedback"], clock=later.clock)
    assert value(read(app).text, "client_requests_total") == 10


def test_memory_and_processor_time_move_in_steps_larger_than_an_answer(app):
    text = read(app).text
    assert value(text, "disk_free_bytes") % (64 * 2**20) == 0
    assert value(text, "memory_peak_bytes") % (64 * 2**20) == 0 == value(text, "processor_seconds_total") % 10


def test_nothing_in_it_names_anybody(world, app, phone, code):
    phone.sends(code.token)
    text = read(app).text.casefold()
    for word in ("harbour", "dana", code.token.casefold(), code.code.case_code.casefold(), "post", "totals"):
        assert word not in text, word

"""Under whose name the product answers, and whom it believes about where a request came from."""

import http.client
from dataclasses import replace

import pytest

from feedback.domain.errors import SettingsWrong
from feedback.domain.limits import TYPED_CODE
from feedback.settings import read_settings
from feedback.web import create_app
from tests.support.serving import HOST, free_port, serving

ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"])
"""Names are looked at before a database is asked."""

FORM = "/code"
WRONG = {"code": "ABCD-2345"}


def an_app(world, **settings):
    return create_app(replace(world.installation, settings=world.installation.settings.model_copy(update=settings)))


OURS = (
    "hl.example",
    "HL.example.",
    "hl.example:8443",
    "desk.example",
    "localhost:8000",
    "127.0.0.1:8000",
    "[::1]:8000",
)
STRANGERS = (
    "evil.example",
    "hl.example.evil.example",
    "evil.example:443",
    "192.0.2.7",
    "clinic-pc",
    "hl.example@evil.example",
    "[evil",
    "",
)


@ON_ONE_ENGINE
def test_it_answers_under_its_own_names_only(world):
    client = an_app(world, hosts=("desk.example",)).test_client()
    for host in (*OURS, *STRANGERS):
        for path in ("/", "/sign-in", "/nowhere", FORM):
            answer = client.get(path, headers={"Host": host})
            assert (answer.status_code == 400) is (host in STRANGERS), (host, path)
            assert "evil" not in answer.text + str(answer.headers), (host, path)


@ON_ONE_ENGINE
def test_without_https_a_network_at_home_may_call_it_by_number_or_by_a_name_without_a_dot(world):
    client = an_app(world, base_url="http://10.0.0.5:8000").test_client()
    names = ("clinic-pc:8000", "192.168.1.20:8000", "evil.example")
    assert [client.get("/", headers={"Host": host}).status_code for host in names] == [200, 200, 400]


@ON_ONE_ENGINE
def test_a_monitor_may_ask_under_any_name(world):
    client = an_app(world).test_client()
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"Host": "10.1.2.3:8000"}).status_code == 200


@pytest.mark.parametrize("wrong", ["https://desk.example", "desk.example:443", "a b"])
def test_a_further_name_is_a_bare_name(monkeypatch, wrong):
    monkeypatch.setenv("FEEDBACK_HOSTS", wrong)
    with pytest.raises(SettingsWrong, match=r"FEEDBACK_HOSTS: must be host names such as"):
        read_settings()


def test_further_names_are_read_from_one_line(monkeypatch):
    monkeypatch.setenv("FEEDBACK_HOSTS", "Desk.example, intern.example,")
    assert read_settings().hosts == ("desk.example", "intern.example")


GUESSES = TYPED_CODE.address.burst + 1


def guesses(app, count, **sent):
    """Guess codes from one connection, and give the last answer's status."""
    client = app.test_client(use_cookies=False)
    for number in range(count):
        headers = {name: value.format(number) for name, value in sent.items()}
        answer = client.post(FORM, data=WRONG, headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.9"})
    return answer.status_code


@ON_ONE_ENGINE
def test_without_a_proxy_nobody_says_themselves_where_they_come_from(world):
    """A new made-up address for every guess gains nothing: what counts is where the connection comes from."""
    assert guesses(an_app(world), GUESSES, **{"X-Forwarded-For": "203.0.{}.1", "X-Real-IP": "203.0.{}.1"}) == 429


@ON_ONE_ENGINE
def test_behind_one_proxy_its_own_word_counts_and_not_what_was_sent_to_it(world):
    app = an_app(world, trusted_proxies=1)
    assert guesses(app, GUESSES, **{"X-Forwarded-For": "203.0.{}.1, 192.0.2.8"}) == 429
    assert guesses(app, 1, **{"X-Forwarded-For": "192.0.2.8, 203.0.113.1"}) == 404


@ON_ONE_ENGINE
@pytest.mark.parametrize("hops", [0, 1])
def test_a_forwarded_name_is_believed_from_a_proxy_only_and_has_to_be_ours(world, hops):
    client = an_app(world, trusted_proxies=hops).test_client()
    forwarded = {"Host": "hl.example", "X-Forwarded-Host": "evil.example"}
    assert client.get("/sign-in", headers=forwarded).status_code == (400 if hops else 200)


@ON_ONE_ENGINE
def test_the_real_server_refuses_a_strangers_name_too(world):
    port = free_port()
    with serving(world.installation, port):
        line = http.client.HTTPConnection(HOST, port)
        line.putrequest("GET", "/sign-in", skip_host=True)
        line.putheader("Host", "evil.example")
        line.endheaders()
        assert line.getresponse().status == 400
        line.close()

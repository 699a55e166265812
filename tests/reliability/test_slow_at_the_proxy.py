"""Slow clients, hundreds at a time, at the proxies that are shipped: they hold the proxy, and nobody else waits.

Caddy passes a body on as it comes; the product holds no thread for it, and bounds how many one network has under way.
"""

import pytest

from tests.support import proxies
from tests.support.codes import codes_for
from tests.support.crowd import SLOWLY, at, prepared, sends, slow_clients
from tests.support.online import clinic_online
from tests.support.soak import scaled

MANY = scaled(60, 1_000)
BODIES = 300
"""Half sent: more than the product has threads, and than it lets one network have under way."""
HONEST = 12
PAUSE_SECONDS = 0.02
"""Between two who ask for pages and read nothing: the proxy reads them instead, so these are not slow but many."""


@pytest.fixture(scope="module")
def online(tmp_path_factory):
    with clinic_online(tmp_path_factory.mktemp("slow"), FEEDBACK_TRUSTED_PROXIES="1") as world:
        yield world


@pytest.mark.fault("R11")
@pytest.mark.parametrize("kind", SLOWLY)
@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_slow_clients_at_the_proxy_keep_nobody_else_waiting(online, tmp_path, name, kind, measured):
    many = max(MANY, BODIES) if kind == "half a body" else MANY
    idle, *tokens = codes_for(online, HONEST + 1)
    tmp_path.chmod(0o755)
    pause = PAUSE_SECONDS if kind == "reads nothing" else 0
    with (
        getattr(proxies, name)(tmp_path, online.address) as proxy,
        slow_clients(proxy.address, idle, kind, many, pause_seconds=pause),
    ):
        answers = [sends(proxy.address, prepared(proxy.address, token)) for token in tokens]
    assert {status for status, _ in answers} == {303}
    took = at(0.95, [seconds for _, seconds in answers])
    measured("R11", f"{many} slow clients ({kind}) at {name}: an answer beside them took {took:.0f} ms at p95")

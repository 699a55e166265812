"""What the operator's monitor sees: whether the process answers, and whether everything it needs is in order."""

from dataclasses import replace

import pytest

from feedback.services.upkeep import examine
from feedback.web import create_app


@pytest.fixture
def http(app):
    """A monitor."""
    return app.test_client()


def test_the_process_says_that_it_is_up(http):
    answer = http.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_everything_in_order_is_ready(http):
    answer = http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"migrations": "ok", "keys": "ok", "disk": "ok", "content": "ok"}


def test_a_lost_key_is_not_in_order(http, world):
    (world.installation.settings.keys_dir / "codes.key").unlink()
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json["keys"]) == (503, "not in order")


def test_a_database_without_its_tables_is_not_in_order(world, bare_database):
    app = create_app(replace(world.installation, database=bare_database))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["migrations"]) == (503, "not in order")


def test_a_full_disk_is_not_in_order(http, monkeypatch):
    monkeypatch.setattr(examine, "LEAST_FREE_BYTES", 1 << 60)
    assert http.get("/readyz").json["disk"] == "not in order"


def test_health_pages_tell_a_stranger_nothing_about_the_inside(http, world):
    (world.installation.settings.keys_dir / "codes.key").unlink()
    assert str(world.installation.settings.keys_dir) not in http.get("/readyz").text

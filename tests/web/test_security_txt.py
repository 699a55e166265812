"""`/.well-known/security.txt`: there where a contact is set, with what RFC 9116 asks for."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedback.domain.errors import SettingsWrong
from feedback.settings import read_settings
from feedback.web import create_app

PATH = "/.well-known/security.txt"


def fetched(world, **settings):
    it = world.installation
    installed = replace(it, settings=it.settings.model_copy(update=settings))
    return create_app(installed).test_client().get(PATH, base_url="https://hl.example")


def test_without_a_contact_there_is_none(world):
    assert fetched(world).status_code == 404


def test_it_says_whom_to_write_to_until_when_and_where_it_stands(world):
    contacts = ("mailto:security@hl.example", "https://hl.example/report")
    answer = fetched(world, security_contact=contacts, hosts=("desk.hl.example",))
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    assert answer.text.splitlines() == [
        "Contact: mailto:security@hl.example",
        "Contact: https://hl.example/report",
        "Expires: 2026-08-29T00:00:00Z",
        "Canonical: https://hl.example/.well-known/security.txt",
        "Canonical: https://desk.hl.example/.well-known/security.txt",
    ]
    assert "Set-Cookie" not in answer.headers


def test_it_expires_within_a_year_whenever_it_is_asked_for(world):
    for day in ("2026-03-02", "2027-12-31", "2028-02-29"):
        there = world.on(day, 23)
        text = fetched(there, security_contact=("mailto:a@b.example",)).text
        expires = datetime.fromisoformat(re.search(r"^Expires: (.+)$", text, re.MULTILINE)[1])
        assert timedelta(days=100) < expires - there.installation.clock.now().astimezone(UTC) < timedelta(days=365)
        assert len(re.findall("^Expires:", text, re.MULTILINE)) == 1


@pytest.mark.parametrize("wrong", ["a@hl.example", "http://hl.example", "mailto:x", "https://a b", "mailto:a@b\nX: y"])
def test_a_contact_that_is_no_address_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("FEEDBACK_SECURITY_CONTACT", wrong)
    with pytest.raises(SettingsWrong, match="FEEDBACK_SECURITY_CONTACT: must look like mailto:"):
        read_settings()


def test_contacts_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("FEEDBACK_SECURITY_CONTACT", "mailto:a@b.example, tel:+44-20-7946-0000")
    assert read_settings().security_contact == ("mailto:a@b.example", "tel:+44-20-7946-0000")

"""A thief takes every file the product wrote, and looks for anybody who answered.

Marks are planted in all a browser sends, in the note and in the time of day; then the raw files of the database, its
log files, the data folder and everything printed are searched for them, in every encoding a mark could hide in.
"""

import base64
import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Date, DateTime, Integer

from feedback.domain.clock import FixedClock
from feedback.persistence import tables
from feedback.persistence.base import metadata
from feedback.security.access_codes import SystemChance
from feedback.web import create_app
from tests.support.written import everything_written

INSTANT = datetime(2026, 3, 2, 14, 37, 51, 271828, tzinfo=UTC)
OTHER = datetime(2026, 3, 2, 9, 12, 33, tzinfo=UTC)
BROWSER = {
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.77",
    "User-Agent": "PlantedAgent/9.7 (PlantedPhone)",
    "Referer": "https://planted-referrer.example/inbox",
    "Accept-Language": "tlh-PLANTED",
    "Cookie": "planted=PlantedCookie",
    "X-Request-Id": "PlantedRequest",
}
NOTE = "Maria Plantedname, maria.planted@example.org, 07700 900123, felt rushed"
WORDS = ("203.0.113.77", "Planted", "planted", "PLANTED", "Maria", "07700 900123", "rushed")

SHORTEST = 8
"""Bytes. What is shorter turns up in any large file by chance."""

WITH_INSTANTS = {"audit_log", "invitations", "staff_sessions"}
"""Tables of what staff do. No other table may know more of time than a date."""


@pytest.fixture
def house(world):
    """The clinic at a time of day that would give a client away.

    With real chance: other tests leave ids from the same seeded draws in the log of a server they share.
    """
    world.installation = replace(world.installation, chance=SystemChance())
    return replace(world.installation, clock=FixedClock(INSTANT))


def answer(house, shown, audience, **changes):
    """Open a link as a browser would and send the form."""
    client = create_app(house).test_client(use_cookies=False)
    planted = {"headers": BROWSER, "environ_base": {"REMOTE_ADDR": "203.0.113.77"}}
    page = client.get(f"/F/{shown.token}?from=PlantedQuery", **planted)
    nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)[1]
    fields = dict.fromkeys(("heard", "safe", "goals", "approach", "pace", "respect"), "3")
    fields |= {"off": "yes", "wish": "bring_up", "comment": NOTE, "nonce": nonce, "audience": audience} | changes
    sent = client.post(f"/F/{shown.token}?from=PlantedQuery", data=fields, **planted)
    assert sent.status_code == 303, sent.text
    thanks = client.get(sent.location, **planted)
    assert thanks.status_code == 200
    receipt = re.search(r"\b[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}\b", thanks.text)[0]
    client.get("/F/PLANTEDUNKNOWNTOKEN", **planted)
    client.post("/code", data={"code": "PLANTED"}, **planted)
    client.post(f"/F/{shown.token}", data={"nonce": "Planted", "comment": NOTE}, **planted)
    return nonce, receipt


def encodings(word):
    """Give a mark as it may lie in a file: plain, in other encodings, in hexadecimal, in base 64 at each offset."""
    plain = word.encode()
    yield from (plain, word.encode("utf-16-le"), plain.hex().encode(), plain[::-1])
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]
        if len(coded) >= SHORTEST:
            yield coded


def moments(instant):
    """Give a time of day as it may lie in a file: as text, and as counts since 1970 or 2000 in common widths."""
    yield from (f"{instant:%d %H:%M}".encode(), f"{instant:%dT%H:%M}".encode(), f"{instant:%d%H%M%S}".encode())
    for epoch in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)):
        seconds = int((instant - epoch).total_seconds())
        yield str(seconds).encode()
        for count in (seconds, seconds * 1000, (instant - epoch) // (instant.resolution)):
            yield from (count.to_bytes(8, "little"), count.to_bytes(8, "big"))


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_no_file_and_no_line_holds_anything_of_a_client(world, house, capfd):
    case = world.opens_a_case()
    secrets = []
    for audience in ("therapist", "totals"):
        shown = world.shows_a_code(case, world.meets(case))
        nonce, receipt = answer(house, shown, audience)
        secrets += [shown.token, shown.typed, nonce, receipt, receipt.replace("-", "")]
    printed = "".join(capfd.readouterr())
    written = everything_written(house)
    assert sum(map(len, written.values())) > 50_000
    for word in (*WORDS, *secrets):
        assert word not in printed
        for coded in encodings(word):
            assert written.holding(coded) == [], word
    for coded in moments(INSTANT):
        assert written.holding(coded) == [], coded


@pytest.mark.own_server
def test_the_search_would_find_what_it_looks_for(world, house):
    case = world.opens_a_case()
    with world.writing() as uow:
        name = f"Otto Sewnin felt hurried at {OTHER:%Y-%m-%d %H:%M:%S}"
        clumsy = tables.teams.insert().values(clinic_id=world.clinic.id, id="1", name=name)
        uow.connection.execute(clumsy)
    written = everything_written(house)
    for word in (b"Sewnin", b"hurried", case.code.encode(), next(moments(OTHER))):
        assert written.holding(word), word


def test_only_tables_of_what_staff_do_know_an_instant():
    knowing = {table.name for table in metadata.tables.values() for column in table.c if is_instant(column)}
    assert knowing == WITH_INSTANTS


def is_instant(column):
    """True for a column type finer than a date."""
    kind = column.type
    kind = getattr(kind, "impl", kind)
    return isinstance(kind, DateTime) and not isinstance(kind, Date)


@pytest.mark.parametrize("table", [tables.responses, tables.answers, tables.sealed_submissions, tables.findings])
def test_a_response_has_no_counter_no_date_and_no_id_of_its_own(table):
    dates = {column.name for column in table.c if isinstance(column.type, (Date, DateTime))}
    counters = {column.name for column in table.c if isinstance(column.type, Integer)}
    assert dates == set()
    assert counters <= {"session_number", "instrument_version", "steps", "who_reads_version", "forms"}
    assert table.dialect_kwargs["sqlite_with_rowid"] is False
    assert not any(column.autoincrement is True or column.identity or column.server_default for column in table.c)


def test_a_note_is_kept_for_the_therapist_only_and_sealed(world, house):
    case = world.opens_a_case()
    answer(house, world.shows_a_code(case, world.meets(case)), "therapist")
    with world.reading() as uow:
        sealed = uow.connection.scalar(tables.responses.select().with_only_columns(tables.responses.c.sealed_comment))
    assert len(sealed) > len(NOTE)
    assert len(gzip.compress(sealed)) >= len(sealed)

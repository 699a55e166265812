"""A disk that is full: the client is told that nothing was saved, nothing acknowledged is lost, and it recovers."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import event, func, select

from feedback.persistence.database import Database
from feedback.persistence.tables import responses
from feedback.web import create_app
from tests.support.codes import codes_for
from tests.support.phone import Phone

NOT_SAVED = 503
SENT = 303
ROOM_PAGES = 12
"""What the disk still takes."""

pytestmark = pytest.mark.fault("R3")


@pytest.fixture
def engine_name():
    """SQLite alone: PostgreSQL's disk is the server's, and it refuses in the same words."""
    return "sqlite"


@contextmanager
def no_room_left(database: Database):
    """Let the file of the database grow no further, as on a full disk, on every connection."""
    with closing(sqlite3.connect(database.file)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    def limit(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {pages + ROOM_PAGES}")

    database.engine.dispose()
    event.listen(database.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", limit)
        database.engine.dispose()


def stored(world):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(responses))


def test_answers_are_refused_in_words_kept_when_acknowledged_and_taken_again_once_there_is_room(world, measured):
    phone = Phone(create_app(world.installation))
    waiting = codes_for(world, 40)
    with no_room_left(world.installation.database):
        answers = {token: phone.sends(token, comment="A planted note. " * 20) for token in waiting}
        assert {answer.status_code for answer in answers.values()} == {SENT, NOT_SAVED}
        refused = [token for token, answer in answers.items() if answer.status_code == NOT_SAVED]
        assert stored(world) == len(waiting) - len(refused)
        told = answers[refused[0]]
        assert "not saved" in told.text.lower() or "not sent" in told.text.lower()
        assert int(told.headers["Retry-After"]) > 0
    for token in refused:
        assert phone.sends(token).status_code == SENT
    assert stored(world) == len(waiting)
    measured(
        "R3",
        f"SQLite: {len(waiting)} sent to a full disk: {len(waiting) - len(refused)} acknowledged and kept, "
        f"{len(refused)} told so and taken once there was room",
    )

"""R17: a page of the database file is damaged. It is found, nothing is written any more, reading goes on, and the
operator is told what to do.
"""

import html
import shutil
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from feedback.domain.clock import FixedClock
from feedback.domain.errors import ClosedForWriting, DatabaseWrong, NotReachable
from feedback.persistence.database import Database
from feedback.security.access_codes import SystemChance
from feedback.services.upkeep.examine import examine
from feedback.services.upkeep.integrity_check import check_whole
from feedback.services.upkeep.restore_backup import restore_backup
from feedback.services.upkeep.run_scheduled_jobs import run_due
from feedback.services.upkeep.write_backup import write_backup
from feedback.web import create_app
from tests.support.answering import a_case_that_fell
from tests.support.desk import Desk
from tests.support.phone import Phone, heading
from tests.support.world import World

PAGE = 4096
REMEDY = "feedback db restore"


@pytest.fixture
def engine_name():
    """SQLite alone: PostgreSQL sums up its own pages and refuses the damaged ones."""
    return "sqlite"


@pytest.fixture
def full(world):
    """A clinic with answers whose file holds no page that nobody uses."""
    a_case_that_fell(world, off="yes", comment="It felt rushed. " * 20)
    with closing(sqlite3.connect(world.installation.database.file)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return world


def with_damage(content, page):
    """Give a file's content with the head of one page overwritten."""
    return content[: page * PAGE] + b"\xff" * 16 + content[page * PAGE + 16 :]


@pytest.fixture
def damaged():
    """Damage the first page of one table, and open the file anew as after a restart: `damaged(world)`."""
    with ExitStack() as opened:

        def damage(world, table="responses"):
            file = world.installation.database.file
            world.installation.database.close()
            with closing(sqlite3.connect(file)) as connection:
                page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
            file.write_bytes(with_damage(file.read_bytes(), page - 1))
            anew = opened.enter_context(Database(f"sqlite:///{file}"))
            return World(replace(world.installation, database=anew), world.clinic, world.therapist)

        yield damage


@pytest.mark.fault("R17")
def test_damage_at_any_page_is_found(full, tmp_path, measured):
    content = full.installation.database.file.read_bytes()
    pages, found = range(1, len(content) // PAGE), 0
    copy = tmp_path / "copy.db"
    for page in pages:
        copy.write_bytes(with_damage(content, page))
        database = Database(f"sqlite:///{copy}")
        with pytest.raises(DatabaseWrong, match=REMEDY):
            check_whole(database)
        found += bool(database.damage.said)
        database.close()
        copy.write_bytes(content)
        check_whole(database)
        assert not database.damage.said
        database.close()
    assert found == len(pages)
    measured("R17", f"SQLite: the head of each of {len(pages)} pages overwritten in turn: {found} found")


@pytest.mark.fault("R17")
def test_a_damaged_clinic_is_read_and_not_written_until_it_is_restored(full, tmp_path, damaged):
    it = full.installation
    case = full.opens_a_case()
    token = full.shows_a_code(case, full.meets(case)).token
    write_backup(it.database, it.keyring, tmp_path / "backup")
    there = damaged(full, "findings")
    with pytest.raises(DatabaseWrong, match=REMEDY):
        check_whole(there.installation.database)
    app = create_app(there.installation)
    phone = Phone(app)
    before = there.installation.database.file.read_bytes()
    told = phone.sends(token)
    assert (told.status_code, heading(told)) == (503, "Not saved, please try again.")
    assert phone.opens(token).status_code == 200
    with pytest.raises(ClosedForWriting, match="damaged"):
        there.opens_a_case()
    assert there.installation.database.file.read_bytes() == before
    ready = phone.http.get("/readyz")
    assert (ready.status_code, ready.json["content"]) == (503, "not in order")
    there.installation.database.close()
    moved = tmp_path / "kept"
    moved.mkdir()
    for part in it.database.file.parent.glob(f"{it.database.file.name}*"):
        shutil.move(part, moved)
    restore_backup(
        there.installation.database, it.clock, it.keyring, SystemChance(),
        journal=it.journal, file=tmp_path / "backup", by="operator",
    )  # fmt: skip
    assert phone.http.get("/readyz").status_code == 200
    assert phone.sends(token).status_code == 303


@pytest.mark.fault("R17")
def test_staff_who_are_signed_in_read_on_and_are_told_why_nothing_is_saved(full):
    moments_later = FixedClock(datetime(2026, 3, 2, 12, 5, tzinfo=UTC))
    desk = Desk(World(replace(full.installation, clock=moments_later), full.clinic, full.therapist))
    desk._enter(full, full.therapist)
    full.installation.database.damage.leave("a page that makes no sense")
    assert desk.opens("/dashboard").status_code == 200
    refused = desk.sends("/cases")
    assert refused.status_code == 503
    assert "the clinic's database is damaged" in html.unescape(refused.text)


@pytest.mark.fault("R17")
def test_a_server_that_meets_damage_at_work_stops_writing_by_itself(full, damaged):
    there = damaged(full)
    with pytest.raises((NotReachable, ClosedForWriting)):
        a_case_that_fell(there)
    assert there.installation.database.damage.said
    with pytest.raises(ClosedForWriting):
        there.opens_a_case()


@pytest.mark.fault("R17")
def test_the_nights_work_leaves_a_damaged_file_alone_and_says_what_to_do(full, damaged):
    there = damaged(full)
    it = there.installation
    before = it.database.file.read_bytes()
    with pytest.raises(DatabaseWrong, match=REMEDY):
        run_due(it.database, it.clock, it.keyring, it.chance, journal=it.journal, rule=it.rule)
    assert it.database.file.read_bytes() == before
    found = {one.name: one for one in examine(it.settings, it.clock)}
    assert not found["content"].is_well
    assert REMEDY in found["content"].remedy

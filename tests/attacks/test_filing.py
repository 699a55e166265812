"""A thief takes the files before and after a filing, and tries to tell whose answer an anonymous row is.

Three ways are known to work where nothing is done about them: reading deleted rows from the files, the order in which
rows lie, and on PostgreSQL the number of the transaction that wrote a row beside the one that last locked a case.
"""

from dataclasses import replace

import pytest
from sqlalchemy import text

from feedback.domain.audience import Audience
from feedback.persistence.answers import filing
from feedback.persistence.database import Database
from feedback.persistence.tables import anonymous_responses
from feedback.security.access_codes import SystemChance
from feedback.security.receipts import receipt_hash
from feedback.services.answers.withdraw_response import withdraw_response
from tests.support.answering import sends
from tests.support.filing import files
from tests.support.written import everything_written

FEW = 8
"""As many as lie on one page of SQLite's file, where nothing but the order of coming decides the place."""

MANY = 150
AT_CHANCE = 4.5 / MANY**0.5
"""Four and a half standard deviations of the rank correlation of two unrelated orders."""

COPIES_OF_A_HASH = {"sqlite": 3, "postgresql": 4}
"""Of a filed receipt's hash: its row and the index on it, and its door, which on PostgreSQL has an index beside it."""

RECEIPTS = {
    "anonymous_responses": "SELECT id, month, receipt_hash AS receipt FROM anonymous_responses",
    "doors": "SELECT kind, hash AS receipt FROM doors WHERE kind = 'receipt'",
}
"""The receipts of a table; the first two columns stand side by side in a row, and find it in SQLite's file."""


@pytest.fixture(autouse=True)
def real_chance(world):
    """Ids and codes as in production: seeded ones would lie in the files of earlier tests."""
    world.installation = replace(world.installation, chance=SystemChance())


def counted(world, how_many):
    """Clients of as many cases send an answer that is only counted; gives their receipts in order."""
    cases = [world.opens_a_case() for _ in range(how_many)]
    return [sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS) for case in cases]


def hashes(world, receipts):
    return [receipt_hash(world.installation.keyring, receipt) for receipt in receipts]


def waiting(world):
    with world.reading() as uow:
        return filing.list_waiting(uow)


def rows(world, statement):
    with world.reading() as uow:
        return uow.connection.execute(text(statement)).all()


def rank_correlation(first, second):
    """Spearman's, for two orders of the same things."""
    place = {thing: number for number, thing in enumerate(second)}
    gaps = sum((number - place[thing]) ** 2 for number, thing in enumerate(first))
    return 1 - 6 * gaps / (len(first) * (len(first) ** 2 - 1))


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_no_file_holds_what_waited_what_was_withdrawn_or_the_key(world, engine_name, measured):
    it = world.installation
    receipts = counted(world, 12)
    (key,) = [path.read_bytes().strip() for path in (it.keyring.folder / "pool").glob("*.key")]
    gone = [part for row in waiting(world) for part in (row.id, row.sealed[:32], row.sealed[-32:])]
    written = everything_written(it)
    assert all(written.holding(part) for part in gone)
    files(world)
    with it.database.writing(None) as uow:
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipts[0], journal=it.journal)
        uow.commit()
    files(world.on("2026-03-03"))
    written = everything_written(it).outside_the_log()
    taken_back, *kept = hashes(world, receipts)
    for part in (*gone, taken_back, key, bytes.fromhex(key.decode())):
        assert written.holding(part) == []
    for part in kept:
        copies = sum(content.count(part) for content in written.values())
        assert copies == COPIES_OF_A_HASH[engine_name], "an older copy lies in a page's free space"
    measured("R19", f"{engine_name}: {len(gone) + 3} marks of {len(receipts)} answers sought in every file: 0 found")


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_nothing_deleted_is_in_the_log_once_it_is_cut_or_recycled(world, engine_name, reader):
    it = world.installation
    receipts = counted(world, 6)
    gone = [row.id for row in waiting(world)]
    assert files(world).has_cut_log
    with it.database.writing(None) as uow:
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipts[0], journal=it.journal)
        uow.commit()
    gone += hashes(world, receipts[:1])
    assert everything_written(it).holding(gone[-1])
    segment = log_segment(reader)
    files(world)
    if engine_name == "postgresql":
        assert log_segment(reader) != segment
        recycle_the_log(world)
    written = everything_written(it)
    for part in gone:
        assert written.holding(part) == []
    wal = [len(content) for name, content in written.items() if name.endswith("-wal")]
    assert wal == ([0] if engine_name == "sqlite" else [])


@pytest.fixture
def reader(world):
    """Somebody else who has the database open: the last one to close it would empty SQLite's log by that alone."""
    it = world.installation
    other = Database(it.database.engine.url.render_as_string(hide_password=False))
    log_segment(other)
    yield other
    other.close()


def log_segment(database):
    """Name the part of PostgreSQL's log that is being written; nothing on SQLite."""
    with database.reading(None) as uow:
        name = "'none'" if database.is_sqlite else "pg_walfile_name(pg_current_wal_lsn())"
        return uow.connection.execute(text(f"SELECT {name} FROM pool_keys")).scalar()  # noqa: S608  our own names


def recycle_the_log(world):
    """Let PostgreSQL write its way around all of its log, as it would in time."""
    with world.installation.database.maintaining() as connection:
        for _ in range(16):
            connection.execute(text("SELECT pg_logical_emit_message(false, 'time', repeat('passes ', 160000))"))
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(text("CHECKPOINT"))


@pytest.mark.fault("R19")
def test_the_order_of_rows_says_nothing_of_the_order_of_clients(world, engine_name):
    sent = hashes(world, counted(world, FEW))
    assert abs(rank_correlation(sent, in_order(world, "doors", engine_name))) == 1, "the game can be won"
    sent += hashes(world, counted(world, MANY - FEW))
    files(world)
    counted_later = hashes(world, counted(world, 5))
    files(world)
    for table in RECEIPTS:
        lie = in_order(world, table, engine_name)
        assert set(lie) == {*sent, *counted_later}
        assert abs(rank_correlation(sent, [each for each in lie if each in set(sent)])) < AT_CHANCE, table
        latest = sorted(lie.index(each) for each in counted_later)
        assert latest != list(range(latest[0], latest[0] + 5)), "the newest lie together"


def in_order(world, table, engine_name):
    """Give the receipts of a table in the order in which their rows lie in its file."""
    if engine_name == "postgresql":
        return [bytes(row.receipt) for row in rows(world, f"{RECEIPTS[table]} ORDER BY ctid")]
    found = rows(world, RECEIPTS[table])
    world.installation.database.close()
    content = world.installation.database.file.read_bytes()
    places = {bytes(row.receipt): content.index(as_bytes(row[0]) + as_bytes(row[1])) for row in found}
    return sorted(places, key=places.get)


def as_bytes(part):
    return part.encode() if isinstance(part, str) else bytes(part)


@pytest.mark.fault("R19")
def test_the_number_of_a_transaction_leads_to_no_case(world, engine_name):
    if engine_name == "sqlite":
        assert "xmin" not in {column.name for column in anonymous_responses.c}
        return
    counted(world, MANY)
    by_case = {row[0] for row in rows(world, "SELECT xmax::text FROM cases")}
    doors = "SELECT DISTINCT xmin::text FROM doors WHERE kind = 'receipt'"
    assert len(by_case & {row[0] for row in rows(world, doors)}) == MANY, "the game can be won"
    files(world)
    counted(world, 5)
    files(world)
    cases = "SELECT xmax::text FROM cases UNION SELECT xmin::text FROM cases"
    of_cases = {row[0] for row in rows(world, cases)}
    for statement in ("SELECT DISTINCT xmin::text FROM anonymous_responses", doors):
        (only,) = rows(world, statement)
        assert only[0] not in of_cases

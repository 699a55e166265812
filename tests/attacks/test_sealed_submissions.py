"""A thief takes every file there ever was, and every key but those in `KEYS_DIR/pool/`, to find out who answered.

What the thief has: copies of the database before and after each night and after the quarter was closed, the log, the
journal, the keys. What is tried: values that two files share; every hash that the keys can make of what belongs to a
case; the numbers of transactions, and the order in which rows lie.
"""

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text

from feedback.domain.audience import Audience
from feedback.persistence.base import metadata
from feedback.persistence.tables import access_codes, sealed_submissions, tenant_lookup
from feedback.security.access_codes import SystemChance
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.figures.close_due import close_due
from tests.support.answering import sends
from tests.support.nightly import rewrites
from tests.support.written import everything_written

FEW = 5
"""As many as lie on one page of SQLite's file, where nothing but the order of coming decides the place."""

MANY = 200
AT_CHANCE = 4.5 / MANY**0.5
"""Four and a half standard deviations of the rank correlation of two unrelated orders."""

LABELS = ("", "receipt", "submission", "nonce", "token", "typed", "email", "mark", "csrf", "pool")
"""What the product puts before what it hashes, and one of version 0.1."""


@pytest.fixture(autouse=True)
def real_chance(world):
    """Ids and codes as in production: seeded ones would lie in the files of earlier tests."""
    world.installation = replace(world.installation, chance=SystemChance())


def unseen(world, how_many):
    """Clients of as many cases answer unseen, through codes that were all handed out before; gives codes, receipts."""
    cases = [world.opens_a_case() for _ in range(how_many)]
    codes = [world.shows_a_code(case, world.meets(case)) for case in cases]
    return codes, [sends(world, code, audience=Audience.TOTALS) for code in codes]


def rows(world, statement):
    with world.reading() as uow:
        return uow.connection.execute(statement if not isinstance(statement, str) else text(statement)).all()


def ids(world):
    return [bytes(row.id) for row in rows(world, select(sealed_submissions.c.id))]


def copy_of(world):
    """Return every value of every table, as a backup holds them."""
    with world.reading() as uow:
        return {
            table.name: [tuple(row) for row in uow.connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def closes(world):
    there = world.on("2026-04-09").installation
    close_due(there.database, there.clock, there.keyring, there.chance, journal=there.journal, rule=there.rule)
    rewrites(world.on("2026-04-09"))


def marks(value):
    """Return the forms in which a value may lie in another one."""
    if isinstance(value, bytes) and len(value) >= 8:
        return {value, value.hex().encode()}
    return {value.encode()} if isinstance(value, str) and len(value) >= 8 else set()


def test_no_two_copies_share_a_value_that_ties_a_sealed_row_to_a_case(world):
    unseen(world, MANY)
    copies = [copy_of(world)]
    for day in ("2026-03-03", "2026-03-04", "2026-04-02"):
        rewrites(world.on(day))
        copies.append(copy_of(world))
    closes(world)
    copies.append(copy_of(world))
    journal = b"".join(path.read_bytes() for path in world.installation.settings.data_dir.rglob("*.txt"))
    sealed, others = set(), set()
    for copy in copies:
        for name, found in copy.items():
            values = set().union(*(marks(value) for row in found for value in row)) if found else set()
            (sealed if name == "sealed_submissions" else others).update(values)
    clinic, keys = world.clinic.id.encode(), {key[0].encode() for key in copies[0]["submission_keys"]}
    assert len(sealed) >= 2 * MANY
    assert sealed & others <= {clinic} | {key for copy in copies for key in marks_of_keys(copy)}
    assert not [mark for mark in sealed - {clinic, *keys} if mark in journal]
    assert copies[-1]["sealed_submissions"] == [], "nothing is left once figures are made"


def marks_of_keys(copy):
    return {row[0].encode() for row in copy["submission_keys"]}


def test_no_hash_that_the_keys_make_of_a_case_leads_to_a_row(world):
    codes, _ = unseen(world, MANY)
    keyring = world.installation.keyring
    known = set(ids(world))
    days = [date(2026, 3, 2).isoformat(), "2026-03", ""]
    for code in codes:
        parts = (code.code.id, code.code.case_code, code.token, code.typed)
        for purpose, label, part, day in itertools.product(keyring.keys, LABELS, parts, days):
            for words in itertools.permutations([word for word in (label, part, day) if word]):
                assert keyring.hash(purpose, *words) not in known


def test_whoever_has_the_receipt_finds_the_row_so_the_game_can_be_won(world):
    _, receipts = unseen(world, 3)
    keyring = world.installation.keyring
    assert {keyring.hash("codes", "submission", receipt) for receipt in receipts} == set(ids(world))


@pytest.mark.fault("R19")
@pytest.mark.own_server
def test_no_file_holds_what_was_sealed_once_figures_are_made_nor_the_key(world, measured, engine_name):
    it = world.installation
    _, receipts = unseen(world, 12)
    (key,) = [path.read_bytes().strip() for path in (it.keyring.folder / "pool").glob("*.key")]
    found = rows(world, select(sealed_submissions.c.id, sealed_submissions.c.sealed))
    gone = [part for row in found for part in (bytes(row.id), bytes(row.sealed)[:32], bytes(row.sealed)[-32:])]
    written = everything_written(it)
    assert all(written.holding(part) for part in gone), "the search would find them"
    with it.database.writing(None) as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipts[0], journal=it.journal)
    rewrites(world.on("2026-04-02"))
    closes(world)
    rewrites(world.on("2026-04-10"))
    written = everything_written(it).outside_the_log()
    for part in (*gone, key, bytes.fromhex(key.decode())):
        assert written.holding(part) == []
    measured("R19", f"{engine_name}: {len(gone) + 2} marks of {len(receipts)} answers sought in every file: 0 found")


def rank_correlation(first, second):
    """Spearman's, for two orders of the same things."""
    place = {thing: number for number, thing in enumerate(second)}
    gaps = sum((number - place[thing]) ** 2 for number, thing in enumerate(first))
    return 1 - 6 * gaps / (len(first) * (len(first) ** 2 - 1))


def in_order(world, engine_name):
    """Return the ids in the order in which their rows lie in the file."""
    if engine_name == "postgresql":
        return [bytes(row.id) for row in rows(world, "SELECT id FROM sealed_submissions ORDER BY ctid")]
    found = ids(world)
    world.installation.database.close()
    content = world.installation.database.file.read_bytes()
    return sorted(found, key=lambda each: content.index(each + world.clinic.id.encode()))


@pytest.mark.fault("R19")
def test_the_order_of_rows_says_nothing_of_the_order_of_clients(world, engine_name):
    keyring = world.installation.keyring
    _, receipts = unseen(world, FEW)
    sent = [keyring.hash("codes", "submission", receipt) for receipt in receipts]
    assert abs(rank_correlation(sent, in_order(world, engine_name))) == 1, "the game can be won"
    _, receipts = unseen(world, MANY - FEW)
    sent += [keyring.hash("codes", "submission", receipt) for receipt in receipts]
    rewrites(world)
    assert abs(rank_correlation(sent, in_order(world, engine_name))) < AT_CHANCE


@pytest.mark.fault("R19")
def test_the_number_of_a_transaction_leads_to_no_case(world, engine_name):
    """Not even before the night: what is sent unseen locks and writes nothing else but, for its key, the clinic."""
    if engine_name == "sqlite":
        assert "xmin" not in {column.name for column in sealed_submissions.c}
        return
    unseen(world, MANY)
    by_row = defaultdict(set)
    for table in metadata.sorted_tables:
        if table.name not in {"sealed_submissions", "clinics"}:
            for row in rows(world, f"SELECT xmin::text, xmax::text FROM {table.name}"):  # noqa: S608  our own names
                by_row[table.name] |= {row[0], row[1]}
    sealed = {row[0] for row in rows(world, "SELECT xmin::text FROM sealed_submissions")}
    assert len(sealed) == MANY
    assert not sealed & set().union(*by_row.values())
    rewrites(world)
    assert len({row[0] for row in rows(world, "SELECT xmin::text FROM sealed_submissions")}) == 1


def test_what_is_sent_unseen_adds_one_row_and_touches_no_other(world):
    case = world.opens_a_case()
    code, card = world.shows_a_code(case, world.meets(case)), world.shows_a_code(case)
    before = copy_of(world)
    sends(world, code, audience=Audience.TOTALS)
    sends(world, card, audience=Audience.TOTALS)
    after = copy_of(world)
    assert {name for name in after if after[name] != before[name]} == {"sealed_submissions"}
    assert len(after["sealed_submissions"]) == 2
    assert not rows(world, select(tenant_lookup).where(tenant_lookup.c.kind == "receipt"))
    assert len(rows(world, select(access_codes))) == 2

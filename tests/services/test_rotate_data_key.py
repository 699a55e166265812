"""Turning the data key over: nothing is lost, wherever it stops, and everything reads the same before and after."""

import stat

import pytest
from sqlalchemy import LargeBinary, select

from feedback.domain.errors import KeysWrong
from feedback.persistence.base import metadata
from feedback.persistence.upkeep.sealed_columns import SEALED
from feedback.security.keyring import Keyring
from feedback.security.rotating_data_key import mark_of
from feedback.security.sealing import _UNMARKED, _VERSION, head_of, seal, unseal
from feedback.services.upkeep import rotate_data_key as service
from feedback.services.upkeep.rotate_data_key import is_under_way, rotate_data_key
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import hires_with_both_steps
from tests.support.sealed import opened


class Killed(Exception):
    """The process ended here."""


@pytest.fixture
def full(world):
    """Comments, labels, codes and seeds: enough for several small batches."""
    a_case_that_fell(world, comment="I felt you moved on too fast.")
    for number in range(6):
        world.opens_a_case(label=f"label {number}")
    hires_with_both_steps(world)
    return world


def turned(world, **more):
    it = world.installation
    return rotate_data_key(it.database, it.keyring, **more)


def heads(world):
    with world.reading() as uow:
        return {
            bytes(value)[:5]
            for where in SEALED
            for value in uow.connection.scalars(select(where.column).where(where.column.is_not(None)))
        }


def test_everything_reads_the_same_under_the_new_key(full):
    before, old = opened(full), full.installation.keyring.ring.current()
    assert turned(full) == before.total() > 15
    assert opened(full) == before
    assert heads(full) == {head_of(full.installation.keyring)}
    assert full.installation.keyring.ring.current() != old


def test_the_old_key_is_needed_no_more_and_opens_nothing_new(full):
    before = opened(full)
    turned(full)
    folder = full.installation.keyring.folder
    (kept,) = folder.glob("data.*.key")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o400
    kept.unlink()
    fresh = Keyring.load(folder)
    assert len(fresh.ring.every()) == 1
    object.__setattr__(full.installation, "keyring", fresh)
    assert opened(full) == before


@pytest.mark.fault("R2")
@pytest.mark.parametrize("killed_after", [0, 1, 2, 5])
def test_killed_half_way_everything_still_opens_and_the_next_run_goes_on_under_the_same_key(
    full, monkeypatch, killed_after
):
    monkeypatch.setattr(service, "BATCH", 3)
    before, batches = opened(full), []

    def kill(count):
        batches.append(count)
        if len(batches) > killed_after:
            raise Killed

    with pytest.raises(Killed):
        turned(full, after_batch=kill)
    assert opened(full) == before
    new = full.installation.keyring.ring.current()
    assert is_under_way(full.installation.database, full.installation.keyring)
    assert turned(full) == before.total() - batches[-1]
    assert full.installation.keyring.ring.current() == new
    assert opened(full) == before
    assert not is_under_way(full.installation.database, full.installation.keyring)


def test_each_further_turn_draws_another_key(full):
    before, marks = opened(full), set()
    for _ in range(3):
        turned(full)
        marks.add(mark_of(full.installation.keyring.ring.current()))
    assert len(marks) == 3
    assert opened(full) == before


def test_a_server_that_runs_meanwhile_reads_and_seals_on(full):
    folder = full.installation.keyring.folder
    running = Keyring.load(folder)
    sealed_before = seal(running, "before", "place")
    turned(full)
    assert unseal(running, seal(full.installation.keyring, "after", "place"), "place") == "after"
    assert head_of(running) == head_of(full.installation.keyring)
    assert unseal(running, sealed_before, "place") == "before"


def test_words_sealed_before_keys_could_be_turned_are_read_and_sealed_anew(full):
    keyring = full.installation.keyring
    case = full.opens_a_case(label="early")
    envelope = case.sealed_label
    early = _UNMARKED + envelope[5:]
    assert envelope[:1] == _VERSION
    with full.writing() as uow:
        cases = metadata.tables["cases"]
        uow.connection.execute(cases.update().where(cases.c.code == case.code).values(sealed_label=early))
    before = opened(full)
    turned(full)
    assert opened(full) == before
    with full.reading() as uow:
        kept = uow.connection.scalar(select(cases.c.sealed_label).where(cases.c.code == case.code))
    assert bytes(kept)[:5] == head_of(keyring)


def test_a_value_that_no_key_opens_stops_it_and_stays_as_it_is(full):
    case = full.opens_a_case(label="lost")
    with full.writing() as uow:
        cases = metadata.tables["cases"]
        uow.connection.execute(cases.update().where(cases.c.code == case.code).values(sealed_label=b"\x02lost" * 60))
    with pytest.raises(KeysWrong):
        turned(full)
    with full.reading() as uow:
        kept = uow.connection.scalar(select(cases.c.sealed_label).where(cases.c.code == case.code))
    assert bytes(kept) == b"\x02lost" * 60


def test_every_sealed_column_is_turned():
    """Submissions are sealed to keys of their own, one for each quarter."""
    sealed = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.c
        if column.name.startswith("sealed") and isinstance(column.type, LargeBinary)
    }
    assert sealed - {("sealed_submissions", "sealed")} == {(where.table.name, where.column.name) for where in SEALED}

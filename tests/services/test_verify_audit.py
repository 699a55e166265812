"""Whoever changes, takes out, swaps, adds or cuts off records of the log is found out, and the first one is named."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from feedback.persistence.audit import append_records, end_of_log, list_records
from feedback.persistence.tables import audit_log, audit_log_heads
from feedback.security.audit_chain import audit_chain
from feedback.services.audit.export_audit import differs_from, export_audit
from feedback.services.audit.verify_audit import judge_log, verify_audit

RECORDS = 40
MUTATIONS = 1000


@pytest.fixture
def log(world):
    """A log of forty records."""
    it = world.installation
    with world.writing() as uow:
        for number in range(RECORDS):
            deed = (f"staff-{number % 3}", "case.opened", f"K7Q2X-{number}")
            append_records(uow, [deed], at=it.clock.now(), chain=audit_chain(it.keyring))
    return world


def judged(world):
    with world.reading() as uow:
        return verify_audit(uow, world.installation.keyring)


def changed(world, *statements):
    with world.writing() as uow:
        for statement in statements:
            uow.connection.execute(statement)


def flip(rng, records):
    """Turn one bit of one field of one record round."""
    place, name = rng.randrange(len(records)), rng.choice(["at", "actor", "action", "subject", "chain"])
    value = getattr(records[place], name)
    if name == "at":
        turned = value + timedelta(microseconds=2 ** rng.randrange(40))
    else:
        raw = bytearray(value if name == "chain" else value.encode())
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(6)
        turned = bytes(raw) if name == "chain" else raw.decode()
    records[place] = replace(records[place], **{name: turned})
    return place + 1


def take_out(rng, records):
    """Take one record out and leave the numbers of the others."""
    place = rng.randrange(len(records))
    del records[place]
    return place + 1


def take_out_and_close_up(rng, records):
    """Take one record out and number the others anew."""
    place = rng.randrange(len(records) - 1)
    del records[place]
    records[:] = [replace(record, number=number) for number, record in enumerate(records, 1)]
    return place + 1


def swap(rng, records):
    """Let two records change places; the numbers stay where they are."""
    one, two = sorted(rng.sample(range(len(records)), 2))
    records[one], records[two] = (
        replace(records[two], number=one + 1),
        replace(records[one], number=two + 1),
    )
    return one + 1


def cut_off(rng, records):
    """Cut the newest records off."""
    left = rng.randrange(len(records))
    del records[left:]
    return left + 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_of_a_thousand_random_changes_each_is_found_and_its_record_named(log):
    with log.reading() as uow:
        records, end = list_records(uow), end_of_log(uow)
    link, rng, kinds = audit_chain(log.installation.keyring), random.Random(20260302), Counter()  # noqa: S311  a test that repeats
    assert judge_log(records, end, link, log.clinic.id).is_whole
    for _ in range(MUTATIONS):
        damaged = list(records)
        mutate = rng.choice([flip, take_out, take_out_and_close_up, swap, cut_off])
        first = mutate(rng, damaged)
        verdict = judge_log(damaged, end, link, log.clinic.id)
        assert f"Record {first} is" in verdict.why, (mutate.__name__, first, verdict)
        assert verdict.sound == first - 1
        kinds[mutate.__name__] += 1
    assert len(kinds) == 5
    assert min(kinds.values()) > 150


def test_a_whole_log_is_whole(log):
    assert judged(log).is_whole
    assert judged(log).sound == RECORDS


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        (update(audit_log).where(audit_log.c.number == 7).values(actor="somebody else"), 7),
        (delete(audit_log).where(audit_log.c.number == 12), 12),
        (delete(audit_log).where(audit_log.c.number > 30), 31),
        (delete(audit_log), 1),
        (update(audit_log).where(audit_log.c.number == 3).values(chain=b"\x00" * 32), 3),
        (update(audit_log_heads).values(number=RECORDS - 1), RECORDS),
    ],
)
def test_what_is_changed_in_the_database_itself_is_found(log, statement, first):
    changed(log, statement)
    assert f"Record {first} " in judged(log).why


def test_a_log_cut_off_together_with_its_end_mark_is_found_now_and_after_it_has_gone_on(log):
    changed(log, delete(audit_log).where(audit_log.c.number > 30), delete(audit_log_heads))
    assert judged(log).why == "Record 31 may be missing: nothing marks the end of the log."
    log.opens_a_case()
    with log.reading() as uow:
        assert "audit.end_missing" in [record.action for record in list_records(uow, 30)]


def test_an_end_mark_of_another_clinic_or_another_key_does_not_fit(log):
    changed(log, update(audit_log_heads).values(mark=b"\x01" * 32))
    assert "is not the one the log ended with" in judged(log).why
    with log.reading() as uow:
        records, end = list_records(uow), end_of_log(uow)
    assert not judge_log(records, end, audit_chain(log.installation.keyring), "harbour2").is_whole


def test_an_older_copy_put_back_whole_is_found_by_an_export(log):
    with log.reading() as uow:
        before, end = list(export_audit(uow)), end_of_log(uow)
    log.opens_a_case()
    with log.reading() as uow:
        kept = list(export_audit(uow))
        assert differs_from(uow, iter(kept)) is None
        assert differs_from(uow, iter(before)) is None
    changed(
        log,
        delete(audit_log).where(audit_log.c.number > RECORDS),
        update(audit_log_heads).values(number=end[0], mark=end[1]),
    )
    assert judged(log).is_whole
    with log.reading() as uow:
        assert differs_from(uow, iter(kept)) == RECORDS + 1

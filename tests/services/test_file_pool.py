"""Filing: answers that are only counted leave the pool in company, once, and under no name they had before."""

from dataclasses import replace

import pytest

from feedback.domain.audience import Audience
from feedback.domain.errors import KeysWrong
from feedback.persistence.answers import filing, pool
from feedback.persistence.clinic.clinics import add_clinic
from feedback.persistence.tables import anonymous_responses, doors
from feedback.security.pool_seal import seal_for_pool
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.upkeep.run_due import run_due
from tests.support.answering import sends
from tests.support.builders import SIX
from tests.support.filing import files, killed_at

STEPS = ("key made", "rewritten", "committed", "vacuumed", "log cut", "keys destroyed")
BEFORE_COMMIT = STEPS[:2]
LOW = (2, 3, 4, 5, 6, 7)


def counted(world, how_many=1, case=None):
    """Clients send answers that are only counted, each for a therapy session of its own; gives their receipts."""
    case = case or world.opens_a_case()
    return [
        sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS)
        for _ in range(how_many)
    ]


def put_in_pool(uow, pool_id, receipt_hash):
    """Put an empty answer of March in the pool, past the form."""
    key_id, public = pool.newest_pool_key(uow)
    plain = {"clinic": uow.clinic_id, "month": "2026-03", "instrument": "rapport-session", "version": 1}
    plain |= {"ratings": {}, "direct": None, "receipt": receipt_hash.hex()}
    pool.put_in_pool(uow, pool_id, receipt_hash=receipt_hash, key_id=key_id, sealed=seal_for_pool(public, plain))


def waiting(world):
    with world.reading() as uow:
        return filing.list_waiting(uow)


def filed(world):
    with world.reading() as uow:
        return filing.list_anonymous(uow)


def ids(world):
    with world.reading() as uow:
        return set(uow.connection.scalars(anonymous_responses.select().with_only_columns(anonymous_responses.c.id)))


def keys(world):
    return {path.stem for path in (world.installation.keyring.folder / "pool").glob("*.key")}


def withdraws(world, receipt):
    it = world.installation
    with it.database.writing(None) as uow:
        found = withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
        uow.commit()
    return found


def test_five_are_filed_with_what_is_promised_and_nothing_more(world):
    counted(world, 5)
    hashes = {row.receipt_hash for row in waiting(world)}
    files(world)
    assert waiting(world) == ()
    assert {row.receipt_hash for row in filed(world)} == hashes
    row = filed(world)[0]
    assert (row.clinic_id, row.month, row.instrument_id, row.instrument_version) == (
        world.clinic.id,
        "2026-03",
        "rapport-session",
        1,
    )
    assert row.ratings == dict(zip(SIX, LOW, strict=True))
    assert (row.direct, row.withdrawn) == ("no", False)
    assert {column.name for column in anonymous_responses.c} == {
        "clinic_id", "id", "month", "instrument_id", "instrument_version", "ratings", "direct", "receipt_hash",
        "withdrawn",
    }  # fmt: skip


def test_fewer_than_five_wait_under_the_next_key_and_keep_their_place(world):
    counted(world, 4)
    before = waiting(world)
    files(world)
    after = waiting(world)
    assert filed(world) == ()
    assert {(row.id, row.receipt_hash) for row in after} == {(row.id, row.receipt_hash) for row in before}
    assert {row.sealed for row in after}.isdisjoint({row.sealed for row in before})
    with world.reading() as uow:
        newest, _ = pool.newest_pool_key(uow)
    assert {row.key_id for row in after} == {newest} == keys(world)
    counted(world.on("2026-03-03"), 1)
    files(world.on("2026-03-03"))
    assert (len(filed(world)), waiting(world)) == (5, ())


def test_the_end_of_the_month_in_the_clinics_zone_files_the_rest(world):
    counted(world.on("2026-03-31"), 2)
    counted(world.on("2026-03-31", hour=23), 1)  # in London it is the first of April
    files(world.on("2026-03-31", hour=22))
    assert filed(world) == ()
    files(world.on("2026-03-31", hour=23))
    assert [row.month for row in filed(world)] == ["2026-03", "2026-03"]
    assert len(waiting(world)) == 1


def test_a_repeat_on_the_same_day_is_one_row_and_next_week_is_another(world):
    case = world.opens_a_case()
    card = world.shows_a_code(case)
    for day in ("2026-03-02", "2026-03-02", "2026-03-09"):
        sends(world.on(day), card, LOW, audience=Audience.TOTALS)
    assert len(waiting(world)) == 2
    files(world.on("2026-03-09"))
    sends(world.on("2026-03-09"), card, LOW, audience=Audience.TOTALS)
    assert len(waiting(world)) == 2, "sealing again keeps the place in the pool"


def test_the_same_send_after_filing_changes_nothing(world):
    counted(world, 5)
    row = waiting(world)[0]
    files(world)
    before = filed(world)
    with world.writing() as uow:
        put_in_pool(uow, row.id, row.receipt_hash)
        uow.commit()
    files(world)
    assert sorted(filed(world), key=lambda each: each.receipt_hash) == sorted(
        before, key=lambda each: each.receipt_hash
    )
    assert waiting(world) == ()


def test_every_filing_draws_every_id_anew(world):
    counted(world, 5)
    files(world)
    before = ids(world)
    files(world)
    assert len(ids(world)) == 5
    assert ids(world).isdisjoint(before)


def test_a_filed_answer_goes_at_the_next_filing_and_no_other(world):
    receipts = counted(world, 6)
    files(world)
    assert withdraws(world, receipts[0])
    assert not withdraws(world, receipts[0])
    assert [row.withdrawn for row in filed(world)].count(True) == 1
    files(world)
    assert len(filed(world)) == 5
    assert not any(row.withdrawn for row in filed(world))
    with world.reading() as uow:
        left = doors.select().where(doors.c.kind == "receipt")
        assert {row.hash for row in uow.connection.execute(left)} == {row.receipt_hash for row in filed(world)}


def test_a_shared_answer_in_place_of_a_waiting_one_is_never_filed(world):
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    sends(world, code, LOW, audience=Audience.TOTALS)
    sends(world, code, LOW)
    counted(world, 5, case)
    files(world)
    assert (len(filed(world)), waiting(world)) == (5, ())


@pytest.mark.fault("R2")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost_or_doubled(world, step, engine_name, measured):
    counted(world, 6)
    counted(world.on("2026-02-27"), 1)
    hashes = {row.receipt_hash for row in waiting(world)}
    old = keys(world)
    world.installation.database.close()
    assert killed_at(world, step) == -9
    if step in BEFORE_COMMIT:
        assert len(waiting(world)) == 7
    assert old <= keys(world) or step == "keys destroyed"
    files(world)
    assert sorted(row.receipt_hash for row in filed(world)) == sorted(hashes)
    assert waiting(world) == ()
    assert len(keys(world)) == 1
    assert keys(world).isdisjoint(old)
    measured("R2", f"{engine_name}: filing killed at *{step}*: {len(hashes)} answers, lost 0, doubled 0")


@pytest.mark.fault("R2")
def test_the_old_key_goes_only_after_everything_else(world):
    counted(world, 5)
    old = keys(world)
    seen = {}
    files(world, step=lambda name: seen.update({name: old <= keys(world)}))
    assert tuple(seen) == STEPS
    assert [name for name, is_there in seen.items() if not is_there] == ["keys destroyed"]


def test_what_is_due_is_done_once_a_day_and_ended_when_it_was_broken_off(world):
    it = world.installation

    def due(day):
        there = world.on(day).installation
        done = run_due(it.database, there.clock, it.keyring, it.chance, journal=it.journal, rule=it.rule)
        return done.filing is not None

    counted(world, 5)
    assert [due(day) for day in ("2026-03-02", "2026-03-03", "2026-03-03")] == [False, True, False]
    it.database.close()
    assert killed_at(world.on("2026-03-04"), "committed") == -9
    assert [due("2026-03-04"), due("2026-03-04")] == [True, False]


def test_answers_under_a_lost_key_stay_until_they_are_given_up(world):
    counted(world, 5)
    (key,) = keys(world)
    (world.installation.keyring.folder / f"pool/{key}.key").unlink()
    done = files(world)
    assert (done.has_unreadable, done.dropped, len(waiting(world))) == (True, 0, 5)
    counted(world, 5)
    assert files(world).has_unreadable
    assert (len(filed(world)), len(waiting(world))) == (5, 5)
    done = files(world, drop_unreadable=True)
    assert (done.has_unreadable, done.dropped, waiting(world)) == (False, 5, ())
    with world.reading() as uow:
        assert len(uow.connection.execute(doors.select().where(doors.c.kind == "receipt")).all()) == 5


def test_a_damaged_key_stops_the_filing_before_anything_changes(world):
    counted(world, 5)
    (key,) = keys(world)
    path = world.installation.keyring.folder / f"pool/{key}.key"
    path.chmod(0o600)
    path.write_text("zz\n")
    with pytest.raises(KeysWrong, match="damaged"):
        files(world)
    assert len(waiting(world)) == 5


def test_one_clinics_few_wait_though_anothers_are_many(world):
    other = replace(world.clinic, id="quay2", name="Quay Street")
    counted(world, 5)
    with world.writing() as uow:
        add_clinic(uow.within(other.id), other)
        put_in_pool(uow.within(other.id), b"id", b"\xaa")
        uow.commit()
    files(world)
    assert {row.clinic_id for row in filed(world)} == {world.clinic.id}
    assert [row.clinic_id for row in waiting(world)] == [other.id]

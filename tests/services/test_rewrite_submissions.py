"""The nightly rewrite: nothing is opened, nothing is lost, and a key lives as long as something is sealed to it."""

from dataclasses import replace

import pytest

from feedback.domain.audience import Audience
from feedback.domain.errors import FilingUnfinished, KeysWrong
from feedback.domain.figures.period import Period
from feedback.persistence import tables
from feedback.persistence.answers import sealed_submissions
from feedback.security.sealed_box import open_sealed, read_submission_key, seal_to, sealed_length
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.figures.open_submissions import open_submissions
from feedback.services.upkeep.run_scheduled_jobs import run_due
from tests.support.answering import sends
from tests.support.nightly import killed_at, rewrites

STEPS = ("key made", "rewritten", "committed", "vacuumed", "log cut", "keys destroyed")
LOW = (2, 3, 4, 5, 6, 7)


def unseen(world, how_many=1, case=None):
    """Clients answer without the therapist seeing it, each after a session of its own; gives their receipts."""
    case = case or world.opens_a_case()
    return [
        sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS)
        for _ in range(how_many)
    ]


def sealed(world):
    with world.reading() as uow:
        return sorted(sealed_submissions.list_submissions(uow), key=lambda row: row.id)


def keys(world):
    return {path.stem for path in (world.installation.keyring.folder / "pool").glob("*.key")}


def test_within_a_quarter_rows_and_key_stay_as_they_are(world):
    unseen(world, 3)
    before = sealed(world)
    for day in ("2026-03-02", "2026-03-03", "2026-03-31"):
        assert rewrites(world.on(day)) is not None
    assert (sealed(world), keys(world)) == (before, {"first"})


def test_rows_that_earlier_versions_sealed_to_other_lengths_are_sealed_anew_to_the_one_length(world):
    it = world.installation
    unseen(world)
    (row,) = sealed(world)
    public = bytes(read_submission_key(it.keyring.folder, "first").public_key)
    content = open_sealed(read_submission_key(it.keyring.folder, "first"), row.sealed)
    del content["form"]
    short = content | {"ratings": {item: value / 1000 for item, value in content["ratings"].items()}}
    former = {"month": "2026-03", "instrument": "rapport-session", "version": 1, "ratings": {"heard": 6.5}}
    former |= {"direct": "no", "receipt": "0e"}
    twice = {"sealed": seal_to(public, former | {"receipt": "0f"}, length=512).hex()}
    others = [replace(row, id=bytes([number]) * 32) for number in (1, 2)]
    with world.writing() as uow:
        for each, plain, length in ((row, short, 1024), (others[0], former, 512), (others[1], twice, 2048)):
            sealed_submissions.put_submission(uow, replace(each, sealed=seal_to(public, plain, length=length)))
    before = counted(world)
    assert len({len(each.sealed) for each in sealed(world)}) == 3
    rewrites(world)
    assert {len(each.sealed) for each in sealed(world)} == {sealed_length()}
    assert counted(world) == before
    assert len(before) == 3


def counted(world):
    it = world.installation
    with world.reading() as uow:
        found = open_submissions(uow, it.keyring, it.journal, Period.read("2026-Q1")).unseen
    return sorted(found.answers, key=lambda answer: answer.case_code)


def test_a_new_quarter_has_a_new_key_and_the_old_one_stays_while_it_is_used(world):
    unseen(world)
    rewrites(world.on("2026-04-01"))
    with world.reading() as uow:
        newest, _ = sealed_submissions.newest_submission_key(uow)
    assert keys(world) == {"first", newest}
    unseen(world.on("2026-04-02"))
    rewrites(world.on("2026-04-03"))
    assert {row.key_id for row in sealed(world)} == {"first", newest} == keys(world)


def test_a_key_that_nothing_is_sealed_to_goes_a_day_after_it_was_replaced(world):
    rewrites(world.on("2026-04-01"))
    assert "first" in keys(world), "somebody may be sealing to it just now"
    rewrites(world.on("2026-04-02"))
    assert "first" not in keys(world)
    assert len(keys(world)) == 1


def test_a_withdrawn_row_is_gone_and_keeps_no_key_alive(world):
    it = world.installation
    (receipt,) = unseen(world)
    with it.database.writing(None) as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    for day in ("2026-04-01", "2026-04-02"):
        rewrites(world.on(day))
    with world.reading() as uow:
        assert uow.connection.execute(tables.sealed_submissions.select()).all() == []
    assert "first" not in keys(world)


def test_what_no_figures_were_made_of_is_deleted_a_quarter_later(world):
    unseen(world)
    rewrites(world.on("2026-07-09"))
    assert len(sealed(world)) == 1
    rewrites(world.on("2026-07-10"))
    assert sealed(world) == []
    rewrites(world.on("2026-07-11"))
    assert "first" not in keys(world)


def test_a_long_pause_of_the_timer_loses_nothing_that_was_sent_meanwhile(world):
    unseen(world.on("2026-09-01"))
    rewrites(world.on("2026-09-02"))
    assert len(sealed(world)) == 1, "the key is old, and what is sealed to it is not"


@pytest.mark.fault("R2")
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost(world, step, engine_name, measured):
    unseen(world, 6)
    before = [row.id for row in sealed(world)]
    there = world.on("2026-04-01")
    world.installation.database.close()
    assert killed_at(there, step) == -9
    assert [row.id for row in sealed(world)] == before
    rewrites(there)
    assert [row.id for row in sealed(world)] == before
    assert {row.key_id for row in sealed(world)} <= keys(world)
    rewrites(world.on("2026-04-02"))
    assert len(keys(world)) == 2
    measured("R2", f"{engine_name}: nightly rewrite killed at *{step}*: 6 sealed answers, lost 0, doubled 0")


def test_what_is_due_is_done_once_a_day_and_ended_when_it_was_broken_off(world):
    it = world.installation

    def due(day):
        there = world.on(day).installation
        done = run_due(it.database, there.clock, it.keyring, it.chance, journal=it.journal, rule=it.rule)
        return done.rewritten is not None

    unseen(world)
    assert [due(day) for day in ("2026-03-02", "2026-03-03", "2026-03-03")] == [False, True, False]
    it.database.close()
    assert killed_at(world.on("2026-03-04"), "key made") == -9
    assert [due("2026-03-04"), due("2026-03-04")] == [True, False]


def test_answers_under_a_lost_key_stay_until_they_are_given_up(world):
    unseen(world, 5)
    (world.installation.keyring.folder / "pool/first.key").unlink()
    done = rewrites(world)
    assert (done.has_unreadable, done.dropped, len(sealed(world))) == (True, 0, 5)
    unseen(world, 5)
    assert rewrites(world).has_unreadable
    done = rewrites(world, drop_unreadable=True)
    assert (done.has_unreadable, done.dropped, len(sealed(world))) == (False, 5, 5)
    assert {row.key_id for row in sealed(world)} == keys(world), "a lost key is replaced at once"


def test_a_damaged_old_key_stops_the_rewrite_before_anything_changes(world):
    unseen(world)
    path = world.installation.keyring.folder / "pool/first.key"
    path.chmod(0o600)
    path.write_text("zz\n")
    path.chmod(0o400)
    with pytest.raises(KeysWrong, match="damaged"):
        rewrites(world.on("2026-07-10"))
    assert len(sealed(world)) == 1


def test_a_log_that_a_reader_holds_is_said_and_cut_later(world, engine_name):
    if engine_name != "sqlite":
        return
    unseen(world)
    with world.reading() as uow:
        assert list(sealed_submissions.list_submissions(uow))
        with pytest.raises(FilingUnfinished):
            rewrites(world)
    assert rewrites(world).has_cut_log

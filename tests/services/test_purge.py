"""Deleting what has had its time: to the day, no more and no less, and nothing that needs it is left behind."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from feedback import instruments
from feedback.domain.audience import Audience
from feedback.domain.errors import AccessCodeUnknown
from feedback.domain.rupture import FlagStatus
from feedback.persistence import tables
from feedback.persistence.cases import care
from feedback.persistence.cases.codes import get_code
from feedback.persistence.clinic.clinics import save_clinic
from feedback.persistence.flags import findings, flags
from feedback.security.access_codes import SystemChance, token_hash
from feedback.services.cases.open_case import close_case
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.services.figures.close_due import close_due
from feedback.services.flags.review_flag import review_flag
from feedback.services.flags.run_detection import judge_again, make_judge
from feedback.services.upkeep.fill_database import sums_in
from feedback.services.upkeep.purge import Purged, purge
from feedback.services.upkeep.run_scheduled_jobs import run_due
from tests.support.answering import GOOD, LOW, a_case_that_fell, meets_and_sends, sends
from tests.support.figures import a_clinic_of, answered, counted_in
from tests.support.nightly import rewrites

MARCH = date(2026, 3, 2)


def purges(world, day, **more):
    it = world.on(day).installation
    return purge(it.database, it.clock, SystemChance(), it.journal, **more)


def count(world, table):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


def receipts(world):
    with world.reading() as uow:
        lookup = tables.tenant_lookup
        return set(uow.connection.scalars(select(lookup.c.hash).where(lookup.c.kind == "receipt")))


def is_known(world, shown):
    with world.reading() as uow:
        try:
            found = get_code(uow, token_hash=token_hash(world.installation.keyring, shown.token))
        except AccessCodeUnknown:
            return None
    return found


def test_a_code_nobody_used_is_forgotten_seven_days_after_its_last(world):
    case = world.opens_a_case()
    shown = world.shows_a_code(case, world.meets(case))
    assert shown.code.expires_on == date(2026, 3, 4)
    assert purges(world, "2026-03-11") == Purged()
    assert purges(world, "2026-03-12") == Purged(codes=1)
    assert is_known(world, shown) is None
    with world.reading() as uow:
        kinds = set(uow.connection.scalars(select(tables.tenant_lookup.c.kind)))
    assert kinds.isdisjoint({"token", "typed"})


def test_a_code_whose_answer_was_only_counted_goes_like_one_nobody_used(world):
    case = world.opens_a_case()
    shown = world.shows_a_code(case, world.meets(case))
    sends(world, shown, LOW, audience=Audience.TOTALS)
    assert purges(world, "2026-03-12") == Purged(codes=1)
    assert is_known(world, shown) is None


def test_of_a_used_code_the_hash_stays_as_long_as_its_answer(world):
    case = world.opens_a_case()
    shown = world.shows_a_code(case, world.meets(case))
    sends(world, shown, GOOD)
    assert purges(world, "2026-03-12") == Purged(codes=1)
    kept = is_known(world, shown)
    assert (kept.sealed_token, kept.sealed_typed) == (b"", b"")
    assert purges(world, "2026-03-13") == Purged()
    assert purges(world, "2027-03-03") == Purged(answers=1)
    assert is_known(world, shown) is None


def test_a_card_is_forgotten_seven_days_after_its_case_closed_or_it_was_revoked(world):
    it = world.installation
    first, second = world.opens_a_case(), world.opens_a_case()
    cards = [world.shows_a_code(first), world.shows_a_code(second)]
    with world.writing() as uow:
        close_case(uow, it.clock, it.keyring, case=first, by=world.therapist)
        revoke_access_code(
            uow, it.clock, it.keyring, journal=it.journal, case=second, code_id=cards[1].code.id, by="dana"
        )
    assert purges(world, "2026-03-09") == Purged()
    assert purges(world, "2026-03-10") == Purged(codes=2)


def test_a_comment_goes_after_ninety_days_and_the_answer_stays(world):
    a_case_that_fell(world, comment="Too fast.")
    assert purges(world, MARCH + timedelta(days=90)).comments == 0
    assert purges(world, MARCH + timedelta(days=91)).comments == 1
    with world.reading() as uow:
        assert set(uow.connection.scalars(select(tables.responses.c.sealed_comment))) == {None}
    assert count(world, tables.responses) == 5


def test_a_shared_answer_goes_with_all_that_was_made_of_it(world):
    case = a_case_that_fell(world, off="yes")
    purges(world, "2027-02-03")
    assert count(world, tables.responses) == 4
    purges(world, "2027-03-03")
    for table in (tables.responses, tables.answers, tables.findings, tables.rupture_flags, tables.detector_states):
        assert count(world, table) == 0, table.name
    assert receipts(world) == set()
    with world.reading() as uow:
        assert len(care.list_therapy_sessions(uow, case.code)) == 5, "that they met is the therapist's to know"


def test_the_clinics_own_choice_decides_how_long(world):
    a_case_that_fell(world)
    with world.writing() as uow:
        save_clinic(uow, replace(world.clinic, retention_months=3))
    assert purges(world, "2026-06-02").answers == 4
    assert purges(world, "2026-06-03").answers == 1


def test_a_reviewed_flag_keeps_its_status_and_date_and_an_unreviewed_one_goes(world):
    it = world.installation
    case = a_case_that_fell(world, off="yes")
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        note = "We spoke about the pace."
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.SETTLED, by=world.therapist, note=note)
    purges(world, "2027-03-03")
    with world.reading() as uow:
        (left,) = flags.list_flags(uow, case.code)
        assert (left.status, left.held_on, left.is_withdrawn) == (FlagStatus.SETTLED, MARCH, True)
        assert flags.get_repair(uow, left.id)[1] is None


def test_what_is_left_of_a_case_is_judged_as_if_the_rest_had_never_been_and_raises_no_new_flag(world):
    case = a_case_that_fell(world, off="yes")
    meets_and_sends(world, case, "2026-03-09", (1, 1, 1, 1, 1, 1))
    with world.writing() as uow:
        for flag in flags.list_flags(uow, case.code)[1:]:
            flags.forget_answer(uow, flag)
        before = len(flags.list_flags(uow, case.code))
    purges(world, "2027-03-03")
    with world.writing() as uow:
        assert len(flags.list_flags(uow, case.code)) == before - 1
        kept, state = findings.list_findings(uow, case.code), findings.get_state(uow, case.code, "A")
        judge = make_judge(instruments.load("rapport-session"), world.clinic.alert_budget, SystemChance())
        judge_again(uow, judge, case, "A")
        assert findings.list_findings(uow, case.code) == kept
        assert findings.get_state(uow, case.code, "A") == state
    assert [number for number, _ in kept] == [6]


def test_unseen_answers_go_in_the_very_transaction_that_keeps_their_quarters_figures(world):
    answered(world, MARCH, a_clinic_of(world))
    counted_in(world, "2026-03", 6)
    counted_in(world, "2026-04", 3)
    there = world.on("2026-04-07").installation
    close_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)
    assert count(world, tables.sealed_submissions) == 9, "they wait for their quarter"
    there = world.on("2026-04-08").installation
    close_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)
    assert count(world, tables.sealed_submissions) == 3


def test_what_the_journal_keeps_of_unseen_answers_goes_when_their_quarter_is_long_closed(world):
    journal = world.installation.journal
    journal.note_withdrawn_unseen("first", b"\x01" * 32, "2026-03")
    journal.note_withdrawn_unseen("first", b"\x02" * 32, "2026-04")
    assert purges(world, "2026-05-19").files == 0
    assert purges(world, "2026-05-20").files == 1
    assert [sealed for _, sealed in journal.withdrawn_unseen()] == [b"\x02" * 32]


def test_old_copies_and_old_parts_of_the_journal_go_after_35_days(world, tmp_path):
    journal = world.installation.journal
    journal.note_withdrawn("harbour1", b"\x01" * 32, "2026-03")
    journal.note_withdrawn("harbour1", b"\x02" * 32, "2026-04")
    copy = tmp_path / "feedback.db.before-0004.copy"
    copy.touch()
    os.utime(copy, (datetime(2026, 4, 1, 12, tzinfo=UTC).timestamp(),) * 2)
    is_one_file = world.installation.database.is_sqlite
    assert purges(world, "2026-05-05").files == 0
    assert purges(world, "2026-05-07").files == 1 + is_one_file
    assert copy.exists() is not is_one_file
    assert [hashed for _, hashed in journal.withdrawn()] == [b"\x02" * 32]


def test_a_dry_run_says_the_same_and_changes_nothing(world):
    a_case_that_fell(world, comment="Too fast.")
    would = purges(world, "2027-06-01", is_dry=True)
    assert would == Purged(codes=5, comments=1, answers=5)
    assert purges(world, "2027-06-01", is_dry=True) == would
    assert purges(world, "2027-06-01") == would
    assert purges(world, "2027-06-01").answers == 0


def test_nothing_is_deleted_that_still_has_its_time(world):
    case = world.opens_a_case()
    world.shows_a_code(case)
    sends(world, world.shows_a_code(case, world.meets(case)), LOW, comment="Too fast.")
    sends(world, world.shows_a_code(case, world.meets(case)), LOW, audience=Audience.TOTALS)
    before = sums_in(world.installation.database)
    assert purges(world, "2026-03-11") == Purged()
    assert sums_in(world.installation.database) == before


def test_a_quarter_is_kept_whole_until_it_could_be_closed_however_short_the_clinics_choice(world):
    with world.writing() as uow:
        save_clinic(uow, replace(world.clinic, retention_months=3))
    answered(world, date(2026, 1, 2), a_clinic_of(world))
    assert purges(world, "2026-04-14").answers == 0
    there = world.on("2026-04-14").installation
    closed = close_due(
        there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule
    )
    assert "2026-Q1" in [str(release.period) for release in closed]
    assert purges(world, "2026-04-15").answers == 30


@pytest.mark.fault("R2")
def test_broken_off_before_its_end_nothing_is_deleted_and_the_next_run_does_it_all(world, monkeypatch):
    from feedback.services.upkeep import purge as purging

    a_case_that_fell(world, off="yes", comment="Too fast.")
    before = sums_in(world.installation.database)

    def breaks(*_parts):
        raise KeyboardInterrupt

    monkeypatch.setattr(purging, "ask_for_erasing", breaks)
    with pytest.raises(KeyboardInterrupt):
        purges(world, "2027-03-03")
    monkeypatch.undo()
    assert sums_in(world.installation.database) == before
    assert purges(world, "2027-03-03").answers == 5


def test_run_due_counts_a_period_before_its_answers_may_go_and_rewrites_last(world):
    answered(world, MARCH, a_clinic_of(world))
    counted_in(world, "2026-03", 6)
    rewrites(world)
    there = world.on("2026-05-20").installation
    done = run_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)
    assert [str(release.period) for release in done.closed] == ["2026-03", "2026-Q1", "2026-04"]
    assert done.purged == Purged()
    assert done.rewritten is not None
    again = run_due(there.database, there.clock, there.keyring, SystemChance(), journal=there.journal, rule=there.rule)
    assert again.is_nothing

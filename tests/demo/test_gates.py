"""What the demo clinic must be like, so that every page and later every release has something true to show."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select

from feedback.domain.care import Role
from feedback.domain.figures.attack import check_published
from feedback.domain.figures.period import Period
from feedback.domain.figures.rule import USUAL
from feedback.domain.figures.unseen import NONE_UNSEEN
from feedback.domain.rupture import OPEN_STATUSES, FlagStatus
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.cases.case_staff import list_shared_cases
from feedback.persistence.clinic.clinics import get_clinic, list_teams
from feedback.persistence.dashboard.open_flags import list_open_flags
from feedback.persistence.figures import ledger
from feedback.persistence.flags import flags
from feedback.persistence.tables import cases, flag_reviews, repair_notes, responses, rupture_flags, therapy_sessions
from feedback.services.figures.close_due import due_periods
from feedback.services.figures.ledger_recovery import check_ledger
from feedback.services.figures.tally_period import tally_period
from tests.attacks.adversary import flag_extents
from tests.demo.conftest import NOW

TODAY = NOW.date()
QUARTERS = [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]


def rows(demo, statement):
    with demo.reading() as uow:
        return uow.connection.execute(statement).all()


def test_eight_therapists_work_in_two_teams_of_four_with_an_admin_and_a_supervisor(full):
    with full.reading() as uow:
        people, teams, clinic = list_staff(uow), list_teams(uow), get_clinic(uow)
    assert len(teams) == 2
    assert Counter(one.team_id for one in people if one.role is Role.THERAPIST) == {team.id: 4 for team in teams}
    assert {one.role for one in people if one.role is not Role.THERAPIST} == {Role.CLINIC_ADMIN, Role.SUPERVISOR}
    assert len(people) == 10
    assert all(one.is_active for one in people)
    assert clinic.retention_months == 24
    assert clinic.may_issue_codes()


def test_it_has_240_cases_and_110_of_them_are_open_at_every_quarters_start(full):
    spans = rows(full, select(cases.c.opened_on, cases.c.closed_on))
    assert len(spans) == full.made.cases == 240
    for day in [*QUARTERS, TODAY]:
        assert sum(start <= day and (end is None or end > day) for start, end in spans) >= 110, day


def test_at_least_300_forms_come_in_every_month(full):
    joined = (
        (responses.c.clinic_id == therapy_sessions.c.clinic_id)
        & (responses.c.case_code == therapy_sessions.c.case_code)
        & (responses.c.session_number == therapy_sessions.c.number)
    )
    days = [day for (day,) in rows(full, select(therapy_sessions.c.held_on).join(responses, joined))]
    assert len(days) == full.made.forms
    months = Counter(f"{day:%Y-%m}" for day in days)
    whole = sorted(months)[1:-1]
    assert len(whole) == 13
    assert min(months[month] for month in whole) >= 300
    assert max(days) <= TODAY


def test_answers_come_back_at_a_typical_rate(full):
    meetings = rows(full, select(func.count()).select_from(therapy_sessions))[0][0]
    assert 0.62 <= full.made.forms / meetings <= 0.80


def test_about_one_open_case_in_seven_has_an_open_flag(full):
    open_cases = {code for (code,) in rows(full, select(cases.c.code).where(cases.c.closed_on.is_(None)))}
    flagged = select(rupture_flags.c.case_code).where(rupture_flags.c.status.in_(sorted(OPEN_STATUSES)))
    with_flag = {code for (code,) in rows(full, flagged)} & open_cases
    assert 0.10 <= len(with_flag) / len(open_cases) <= 0.20


def test_flags_were_dealt_with_in_every_way_and_some_talks_have_a_note(full):
    marked = {status for (status,) in rows(full, select(flag_reviews.c.new_status))}
    assert marked == set(FlagStatus) - {FlagStatus.NEW}
    notes = rows(full, select(repair_notes.c.sealed_note))
    assert sum(note is not None for (note,) in notes) >= 50
    first = rows(
        full,
        select(flag_reviews.c.on_day, rupture_flags.c.held_on).join(
            rupture_flags, rupture_flags.c.id == flag_reviews.c.flag_id
        ),
    )
    assert all(reviewed > raised for reviewed, raised in first), "a talk is for the next session"


def test_the_chosen_therapist_has_new_flags_of_this_week(full):
    with full.reading() as uow:
        dana = next(one for one in list_staff(uow) if one.email == full.made.therapist.email)
        mine = list_open_flags(uow, dana.id)
    lately = [one for one in mine if one.status == FlagStatus.NEW and (TODAY - one.held_on).days <= 7]
    assert len(lately) >= 2


def test_the_supervisor_may_read_one_case_with_something_open_for_thirty_days(full):
    with full.reading() as uow:
        noor = next(one for one in list_staff(uow) if one.role is Role.SUPERVISOR)
        (shared,) = list_shared_cases(uow, noor.id, TODAY)
        assert shared.code == full.made.shared
        assert (shared.until - TODAY).days == 29
        assert any(flag.is_open for flag in flags.list_flags(uow, shared.code))


def test_some_clients_write_a_few_words(full):
    written = rows(full, select(func.count()).where(responses.c.sealed_comment.is_not(None)))[0][0]
    assert 0.08 <= written / full.made.forms <= 0.30


def test_every_month_and_quarter_that_is_over_is_published_as_a_demo(full):
    with full.reading() as uow:
        releases = [entry.release for entry in ledger.list_entries(uow)]
        assert check_ledger(uow, full.installation.journal)
        assert due_periods(uow, full.installation.clock, USUAL) == ()
    assert [str(each.period) for each in releases][-4:] == ["2026-08", "2026-09", "2026-Q3", "2026-10"]
    assert all(each.is_demo and each.closed_on == each.period.closes_on for each in releases)
    whole = [each for each in releases if each.period.first_day >= QUARTERS[0]]
    assert [str(each.period) for each in whole if each.is_gated] == []
    for quarter in (each for each in whole if each.teams):
        assert len(quarter.teams) == 2
        assert quarter.gated == ()


def test_the_published_figures_are_near_the_true_ones(full):
    with full.reading() as uow:
        entry = ledger.find_entry(uow, Period.read("2026-Q3"))
        tally = tally_period(uow, entry.period, USUAL, "Europe/London", NONE_UNSEEN)
        months = entry.period.months
        codes = [tally_period(uow, month, USUAL, "Europe/London", NONE_UNSEEN).codes for month in months]
    inside = [
        figure.lower95 <= true <= figure.upper95
        for figure in entry.release.figures
        if figure.measure in tally.off
        for true in [tally.sums.off[figure.measure]]
    ]
    assert len(inside) >= 3
    assert sum(inside) >= len(inside) - 1
    (score,) = [figure for figure in entry.release.figures if figure.measure == "clients_mean_score"]
    up, down = (sum(each.values()) for each in (tally.sums.up, tally.sums.down))
    assert abs(score.value - 10 * up / (up + down)) < 0.5
    assert sum(codes) >= 900


def test_no_cell_of_the_published_year_can_be_worked_out_of_all_its_exports(full):
    with full.reading() as uow:
        releases = [entry.release for entry in ledger.list_entries(uow)]
    assert check_published(releases) == ()
    by_period = {str(each.period): each for each in releases}
    quarters = [each for each in releases if each.teams and not each.is_gated]
    assert len(quarters) >= 3
    for quarter in quarters:
        figures = [figure for month in quarter.period.months for figure in by_period[str(month)].figures]
        for measure in ("clients_flagged", "clients_not_flagged"):
            found = flag_extents([*figures, *quarter.figures], measure)
            assert len(found) == 6
            assert not [cell for cell in found.values() if cell.is_exact]

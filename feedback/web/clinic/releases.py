"""Released figures as pages: the course of months, one period, and how figures are made. All read the ledger alone."""

from importlib.util import find_spec

from flask import render_template, request

from feedback.domain.care import Role
from feedback.domain.figures.gate import FEWEST_CASES, FEWEST_THERAPISTS, by_team, judge_gate
from feedback.domain.figures.period import Period
from feedback.domain.figures.protect import with_intervals
from feedback.exporters import about
from feedback.exporters.codebook import label
from feedback.persistence.clinic.clinics import list_teams
from feedback.persistence.figures.register import open_cases_on
from feedback.services.figures.export_release import find_release, list_releases
from feedback.web.access import me, requires
from feedback.web.clinic import release_course, release_view
from feedback.web.clinic import release_wording as wording
from feedback.web.request_uow import reading, today
from feedback.web.surfaces import here

READERS = (Role.CLINIC_ADMIN, Role.THERAPIST, Role.SUPERVISOR, Role.AUDITOR)
"""Released figures are for all staff but the front desk."""

FORMATS = (
    ("zip", "CSV, with all that explains it"),
    ("xlsx", "Excel"),
    ("csv", "CSV alone"),
    ("json", "JSON"),
    ("fhir.json", "FHIR"),
    ("parquet", "Parquet"),
)
"""What can be downloaded: how the address ends, and how it is called."""


@requires(*READERS)
def show_all() -> str:
    """Show the course of months, the quarters, and years as sums of what was published."""
    with reading() as uow:
        releases = [with_intervals(each) for each in list_releases(uow)]
    return render_template(
        "clinic/releases.html",
        periods=releases,
        is_demo=any(release.is_demo for release in releases),
        courses=release_course.courses(releases),
        years=release_course.years(releases),
        words=wording,
        label=label,
    )


@requires(*READERS)
def show(period: str) -> str:
    """Show one month or quarter, fit to be printed on A4, or on Letter with `?paper=letter`."""
    with reading() as uow:
        release = with_intervals(find_release(uow, Period.read(period)))
    return render_template(
        "clinic/release.html",
        release=release,
        sections=release_view.sections(release),
        teams=release_view.team_rows(release),
        share=release_view.clinic_share(release),
        statuses=wording.why_no_number(release),
        facts=about.facts(release)[3:],
        formats=[each for each in FORMATS if each[0] != "parquet" or find_spec("pyarrow")],
        may_export=me().staff.role is Role.CLINIC_ADMIN,
        paper="letter" if request.args.get("paper") == "letter" else "",
        words=wording,
    )


@requires(*READERS)
def show_how() -> str:
    """Say in plain words how figures are made, and whether this clinic is large enough just now."""
    with reading() as uow:
        register, teams = open_cases_on(uow, today()), list_teams(uow)
    theirs = by_team(register)
    reason = judge_gate(register)
    judged = [(team, judge_gate(theirs.get(team.id, ()))) for team in teams] if reason is None else []
    return render_template(
        "clinic/release_how.html",
        rule=here().rule,
        fewest_cases=FEWEST_CASES,
        fewest_therapists=FEWEST_THERAPISTS,
        reason=wording.as_if_today(reason) if reason else "",
        teams=[(team, wording.as_if_today(why) if why else "") for team, why in judged],
        number=about.number,
    )

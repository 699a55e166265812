"""What is arranged for a case: its weekly day and language, who works on it too, who advises, and handing it over."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Case, Part, Role
from feedback.domain.errors import NotFound
from feedback.persistence.cases import care
from feedback.persistence.cases.case_staff import list_colleagues
from feedback.services.cases.choose_language import choose_language, languages_for
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.cases.plan_weekly import plan_weekly
from feedback.services.cases.share_case import LASTS_DAYS, list_candidates, share_case, stop_sharing
from feedback.web.access import NOT_HERE, me, requires
from feedback.web.surfaces import here
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import check, led_case, own_case, reading, today, writing
from feedback.web.therapist.forms import ColleagueForm, LanguageForm, ShareForm, WeeklyForm


@requires(Role.THERAPIST)
def show(code: str) -> str:
    """Show everything that is arranged; what only the case's own therapist decides is offered to nobody else."""
    with reading() as uow:
        case = own_case(uow, code)
        return render_template(
            "therapist/arrangements.html",
            case=case,
            leads=case.therapist_id == me().staff.id,
            weekly=care.get_weekly_day(uow, case.code),
            languages=languages_for(uow, me().clinic, case),
            colleagues=list_colleagues(uow, case.code, today()),
            therapists=list_candidates(uow, case, Part.CO_THERAPIST),
            supervisors=list_candidates(uow, case, Part.SUPERVISOR),
            lasts=LASTS_DAYS,
            today=today(),
            words=wording,
        )


@requires(Role.THERAPIST)
def weekly(code: str) -> Response:
    """Set the weekly day, or none."""
    form = WeeklyForm()
    check(form)
    with writing() as uow:
        case = own_case(uow, code)
        plan_weekly(uow, here().clock, here().keyring, case=case, weekday=form.weekday.data, by=me().staff)
    return _back(case)


@requires(Role.THERAPIST)
def language(code: str) -> Response:
    """Set the language in which the case's forms and cards come, or leave it to the client's phone."""
    it, form = here(), LanguageForm()
    check(form)
    with writing() as uow:
        case = own_case(uow, code)
        choose_language(uow, it.clock, it.keyring, case=case, language=form.language.data or None, by=me().staff)
    return _back(case)


@requires(Role.THERAPIST)
def share(code: str) -> Response:
    """Let a colleague in, as a therapist of the case too or as a supervisor for a time."""
    it, form = here(), ShareForm()
    check(form)
    with writing() as uow:
        case = led_case(uow, code)
        part, days = Part(form.part.data), form.days.data or 0
        try:
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=case,
                part=part,
                staff_id=form.colleague.data,
                days=days,
                by=me().staff,
            )
        except NotFound:
            raise NotFound(NOT_HERE) from None
    return _back(case)


@requires(Role.THERAPIST)
def unshare(code: str) -> Response:
    """Close the case to a colleague again."""
    form = ColleagueForm()
    check(form)
    with writing() as uow:
        case = led_case(uow, code)
        stop_sharing(
            uow,
            here().clock,
            here().keyring,
            journal=here().journal,
            case=case,
            staff_id=form.colleague.data,
            by=me().staff,
        )
    return _back(case)


@requires(Role.THERAPIST)
def hand_over(code: str) -> Response:
    """Hand the case over; it is no longer in one's own caseload afterwards."""
    form = ColleagueForm()
    check(form)
    with writing() as uow:
        case = led_case(uow, code)
        try:
            hand_over_case(
                uow,
                here().clock,
                here().keyring,
                journal=here().journal,
                case=case,
                to=form.colleague.data,
                by=me().staff,
            )
        except NotFound:
            raise NotFound(NOT_HERE) from None
    return redirect(url_for("therapist.cases"), 303)


def _back(case: Case) -> Response:
    return redirect(url_for("therapist.arrangements_show", code=case.code), 303)

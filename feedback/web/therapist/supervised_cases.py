"""A supervisor's first page: the cases that somebody has asked them about."""

from flask import render_template

from feedback.domain.care import Role
from feedback.persistence.cases.case_staff import list_shared_cases
from feedback.web.access import me, requires
from feedback.web.therapist import wording
from feedback.web.therapist.case_access import reading, today


@requires(Role.SUPERVISOR)
def show() -> str:
    """List the cases that are shared with them today."""
    with reading() as uow:
        shared = list_shared_cases(uow, me().staff.id, today())
    return render_template("therapist/advising.html", shared=shared, today=today(), words=wording)

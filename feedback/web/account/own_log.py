"""What somebody did here, and what others did with their account and their cases."""

from flask import render_template

from feedback.services.audit.show_log import PAGE, show_own_log
from feedback.web import audit_wording
from feedback.web.access import me, requires
from feedback.web.request_uow import reading


@requires()
def show() -> str:
    """Show one's own doings, and everybody's with one's account and cases: who looked is seen by whom it concerns."""
    with reading() as uow:
        lines = show_own_log(uow, staff=me().staff, before=audit_wording.asked_before())
    return render_template(
        "account/log.html",
        lines=lines,
        words=audit_wording,
        timezone=me().clinic.timezone,
        older=lines[-1].number if len(lines) == PAGE else None,
    )

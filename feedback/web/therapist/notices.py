"""Mail that says that something is new: choosing it, and ending it by the link in the mail."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.domain.notice import Pace
from feedback.persistence.dashboard.notices import get_pace
from feedback.services.dashboard.choose_notices import choose_notices, stop_notices
from feedback.services.dashboard.send_notices import read_stop_token
from feedback.web.access import NOT_HERE, me, public, requires
from feedback.web.surfaces import here
from feedback.web.therapist.case_access import check, reading, writing
from feedback.web.therapist.forms import NoticeForm


@requires(Role.THERAPIST)
def show() -> str:
    """Show how often mail may come."""
    with reading() as uow:
        pace = get_pace(uow, me().staff.id)
    return render_template("therapist/notices.html", pace=pace, sends_mail=here().mailer is not None)


@requires(Role.THERAPIST)
def choose() -> Response:
    """Keep how often mail may come."""
    form = NoticeForm()
    check(form)
    with writing() as uow:
        pace = Pace(form.pace.data) if form.pace.data else None
        choose_notices(uow, here().clock, here().keyring, pace=pace, by=me().staff)
    return redirect(url_for("therapist.notices_show"), 303)


@public
def ask_stop(token: str) -> str:
    """Ask whether the notices are to end; opening the link alone ends nothing."""
    if read_stop_token(here().keyring, token) is None:
        raise NotFound(NOT_HERE)
    return render_template("therapist/stop_notices.html", token=token, has_stopped=False)


@public
def stop(token: str) -> str:
    """End the notices: by the button, or by a mail program that does it in one step (RFC 8058)."""
    it = here()
    with it.database.writing(None) as uow:
        try:
            stop_notices(uow, it.clock, it.keyring, token=token)
        except NotFound:
            raise NotFound(NOT_HERE) from None
    return render_template("therapist/stop_notices.html", token=token, has_stopped=True)

"""One's own account."""

from typing import Any

from flask import redirect, render_template

from feedback.persistence.accounts import list_session_hashes
from feedback.persistence.second_step import count_recovery_codes
from feedback.services.keep_signed_in import end_sessions_of
from feedback.web.access import me, requires
from feedback.web.account.forms import EmptyForm
from feedback.web.staff_session import close_session
from feedback.web.surfaces import here


@requires()
def show() -> Any:
    """Show who is signed in, in which role, in how many browsers, and what the second step is."""
    with here().database.reading(me().clinic.id) as uow:
        browsers = len(list_session_hashes(uow, staff_id=me().staff.id))
        left = count_recovery_codes(uow, me().staff.id)
    return render_template("account/account.html", browsers=browsers, recovery_codes=left)


@requires()
def sign_out_everywhere() -> Any:
    """End every session of this account, this one too."""
    if EmptyForm().validate():
        with here().database.writing(me().clinic.id) as uow:
            end_sessions_of(uow, me().staff)
            uow.commit()
        return close_session(redirect("/sign-in", 303))
    return redirect("/account", 303)

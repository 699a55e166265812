"""One's own account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for

from feedback.persistence.accounts.accounts import StaffSession
from feedback.persistence.accounts.identities import identity_of
from feedback.persistence.accounts.second_step import count_recovery_codes
from feedback.services.accounts import keep_signed_in
from feedback.services.accounts.keep_signed_in import end_session, list_sessions, session_name
from feedback.web.access import me, requires
from feedback.web.account.forms import EmptyForm
from feedback.web.account.provider_here import has_provider
from feedback.web.days import shown_day
from feedback.web.request_uow import check, reading, writing
from feedback.web.staff_session import forget_cookie, own_hash
from feedback.web.surfaces import here


@dataclass(frozen=True, slots=True)
class Browser:
    """One place where somebody is signed in. `name` ends it; times are words in the clinic's zone."""

    name: str
    since: str
    last: str
    is_this: bool


@requires()
def show() -> Any:
    """Show who is signed in, in which role, in which browsers, and what the second step is."""
    with reading() as uow:
        browsers = [_browser(session) for session in list_sessions(uow, here().clock, staff=me().staff)]
        left = count_recovery_codes(uow, me().staff.id)
        link = identity_of(uow, me().staff.id)
    return render_template(
        "account/account.html",
        browsers=browsers,
        recovery_codes=left,
        changed=request.args.get("changed"),
        link=link,
        linked_since=f"{shown_day(link.since)} {link.since.year}" if link else "",
        has_provider=has_provider(),
    )


@requires()
def end_one(name: str) -> Any:
    """Sign one browser out."""
    check(EmptyForm())
    with writing() as uow:
        end_session(uow, here().clock, here().keyring, staff=me().staff, name=name)
    return redirect(url_for("account.show"), 303)


@requires()
def sign_out_everywhere() -> Any:
    """End every session of this account, this one too."""
    if EmptyForm().validate():
        with writing() as uow:
            keep_signed_in.sign_out_everywhere(uow, here().clock, here().keyring, staff=me().staff)
        return forget_cookie(redirect("/sign-in", 303))
    return redirect("/account", 303)


def _browser(session: StaffSession) -> Browser:
    return Browser(
        name=session_name(session),
        since=_moment(session.signed_in_at),
        last=_moment(session.seen_at),
        is_this=session.hashed == own_hash(),
    )


def _moment(instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo(me().clinic.timezone))
    return f"{shown_day(local.date())}, {local:%H:%M}"

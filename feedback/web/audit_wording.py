"""The audit log in plain words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request

from feedback.services.audit.show_log import LogLine

MOST_RECORDS = 2**31
"""Beyond what a log can be numbered to."""

DEEDS = {
    "access_code.handed_out": "handed out a code",
    "access_code.issued": "made a code",
    "access_code.revoked": "closed a code",
    "answer.talk_undone": "took back that they had talked about an answer",
    "answer.talked_about": "marked an answer as talked about",
    "audit.end_missing": "found that nothing marked the end of this log",
    "case.closed": "closed a case",
    "case.opened": "opened a case",
    "case.language_set": "set the language of a case",
    "case.handed_over": "handed a case over",
    "case.read": "looked at a case",
    "case.reopened": "opened a closed case again",
    "case.shared_with_co_therapist": "let a colleague work on a case",
    "case.shared_with_supervisor": "shared a case with a supervisor",
    "case.sharing_ended": "ended the sharing of a case",
    "case.weekly_day_set": "planned a case’s weekly day",
    "clinic.changed": "changed the clinic’s settings",
    "clinic.installed": "installed the clinic",
    "database.restored": "put a backup back",
    "first_page.read": "looked at their first page",
    "flag.noted": "wrote a note on a possible rupture",
    "flag.review_undone": "took back a mark on a possible rupture",
    "flag.reviewed": "marked a possible rupture",
    "own_figures.read": "looked at their own figures",
    "provider.refused": "was refused: the organisation’s sign-in",
    "response.not_from_client": "removed an answer that was not from the client",
    "restore.access_code_revoked": "closed a code again after a restore",
    "restore.account_disabled": "disabled an account again after a restore",
    "restore.case_handed_over": "handed a case over again after a restore",
    "restore.case_share_ended": "ended the sharing of a case again after a restore",
    "restore.invitation_replaced": "ended an old invitation again after a restore",
    "restore.local_sign_in_ended": "ended a password beside the organisation’s sign-in again after a restore",
    "restore.passkey_removed": "removed a passkey again after a restore",
    "restore.password_replaced": "made an old password unusable after a restore",
    "restore.provider_link_ended": "ended a link with the organisation’s sign-in again after a restore",
    "restore.recovery_code_used": "removed a used recovery code again after a restore",
    "restore.recovery_codes_replaced": "removed old recovery codes again after a restore",
    "restore.second_step_replaced": "took an old second step off an account after a restore",
    "staff.app_set_up": "set up an authenticator app",
    "staff.code_refused": "gave a wrong code when signing in",
    "staff.disabled": "disabled an account",
    "staff.enabled": "enabled an account",
    "staff.invited": "invited somebody",
    "staff.local_sign_in_allowed": "let an account sign in with a password beside the organisation’s sign-in",
    "staff.local_sign_in_ended": "ended an account’s password beside the organisation’s sign-in",
    "staff.passkey_added": "added a passkey",
    "staff.passkey_removed": "removed a passkey",
    "staff.password_set": "set a password",
    "staff.provider_linked": "linked an account with the organisation’s sign-in",
    "staff.provider_unlinked": "ended an account’s link with the organisation’s sign-in",
    "staff.recovery_code_used": "used a recovery code",
    "staff.recovery_codes_made": "made recovery codes",
    "staff.reinvited": "gave a new link to an account",
    "staff.role_lost": "is no longer listed for the role by the organisation",
    "staff.second_step_reset": "took the second step off an account",
    "staff.session_ended": "ended one of their own sign-ins from another browser",
    "staff.signed_in": "signed in",
    "staff.signed_out": "signed out",
    "staff.signed_out_everywhere": "signed out everywhere",
    "staff.vouched_for": "was recognised by the organisation’s sign-in",
    "team.archived": "archived a team",
    "team.made": "made a team",
    "team.renamed": "renamed a team",
    "team.staff_moved": "gave an account another team",
    "therapy_session.added": "added a session",
}
"""What was done, as it follows a name."""


def deed(line: LogLine) -> str:
    """Say what was done; an action without words of its own is shown by its name."""
    return DEEDS.get(line.action, line.action.replace(".", ": ").replace("_", " "))


def asked_before() -> int | None:
    """Return the record number before which the page that was asked for ends; nothing for the newest page."""
    number = request.args.get("before", type=int)
    return number if number is not None and 0 < number < MOST_RECORDS else None


def moment(instant: datetime, timezone: str) -> str:
    """Write an instant in a clinic's zone: `2026-04-14 09:12`."""
    return f"{instant.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"

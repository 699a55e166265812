"""The auditor's page: the whole log of what staff did, whether it is whole, and the log as a file."""

from flask import Response, render_template, request

from feedback.domain.care import Role
from feedback.services.audit.export_audit import export_audit
from feedback.services.audit.show_log import PAGE, show_log
from feedback.services.audit.verify_audit import verify_audit
from feedback.web import audit_wording
from feedback.web.access import me, requires
from feedback.web.heavy_pages import heavy
from feedback.web.request_uow import reading, today
from feedback.web.surfaces import here


@requires(Role.AUDITOR)
def show() -> str:
    """Show the log, newest first, a page at a time; check it from beginning to end when asked to."""
    with reading() as uow:
        lines = show_log(uow, before=audit_wording.asked_before())
        verdict = verify_audit(uow, here().keyring) if request.args.get("check") else None
    return render_template(
        "clinic/audit.html",
        lines=lines,
        verdict=verdict,
        words=audit_wording,
        timezone=me().clinic.timezone,
        older=lines[-1].number if len(lines) == PAGE else None,
    )


@requires(Role.AUDITOR)
@heavy
def download() -> Response:
    """Return the whole log as a file, one record per line, to be kept elsewhere."""
    with reading() as uow:
        text = "".join(f"{line}\n" for line in export_audit(uow))
    name = f"audit-{today():%Y-%m-%d}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="application/jsonl; charset=utf-8", headers=headers)

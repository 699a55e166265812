"""Every error a person may meet, in one table: its class, its status, its page."""

from flask import Flask, Response, g, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from feedback.domain import errors
from feedback.domain.access import AccessCodeKind
from feedback.web.client_page import client_page
from feedback.web.surfaces import is_staff_page

PAGES: dict[type[errors.DomainError], tuple[int, str]] = {
    errors.AccessCodeUnknown: (404, "errors/code_unknown.html"),
    errors.AccessCodeExpired: (410, "errors/code_closed.html"),
    errors.AccessCodeRevoked: (410, "errors/code_revoked.html"),
    errors.AlreadyShared: (200, "errors/done.html"),
    errors.AnswerStands: (409, "errors/stands.html"),
    errors.AnswerTakenBack: (409, "errors/taken_back.html"),
    errors.NobodyReads: (410, "errors/nobody_reads.html"),
    errors.NotFound: (404, "errors/not_found.html"),
    errors.TooManyForms: (429, "errors/too_many_forms.html"),
    errors.TooManyTries: (429, "errors/too_many.html"),
    errors.NotReachable: (503, "errors/not_reachable.html"),
    errors.NotSaved: (503, "errors/not_saved.html"),
    errors.BodyTooSlow: (408, "errors/not_saved.html"),
    errors.Refused: (409, "errors/not_possible.html"),
    errors.DomainError: (400, "errors/not_possible.html"),
}
"""The most particular class of an error's own line of descent decides."""

STATUS_PAGES = {
    403: "errors/foreign.html",
    404: "errors/not_found.html",
    413: "errors/too_large.html",
    500: "errors/fault.html",
    503: "errors/not_saved.html",
}
OTHER = "errors/not_possible.html"
RETRY_AFTER_SECONDS = {408: 60, 503: 60}


def install_errors(app: Flask) -> None:
    """Answer every error with its page; none of them shows what went wrong inside."""
    app.register_error_handler(errors.DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)


def page_of(error: errors.DomainError) -> tuple[int, str]:
    """Return status and template of an error."""
    return next(PAGES[kind] for kind in type(error).__mro__ if kind in PAGES)


def _domain_error(error: errors.DomainError) -> Response:
    status, template = page_of(error)
    g.met = error
    response = _page(template, status, str(error))
    if isinstance(error, errors.TooManyTries):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return _with_retry(response)


def _http_error(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return error.get_response()
    response = _page(STATUS_PAGES.get(status, OTHER), status, "")
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return _with_retry(response)


def _page(template: str, status: int, message: str) -> Response:
    """Draw for whom it is. A form's own page leaves in `g.found` whose code it was, so that the page can say it."""
    if is_staff_page():
        page = render_template("errors/staff.html", status=status, message=message)
        return Response(page, status, content_type="text/html; charset=utf-8")
    found = g.get("found")
    if found is None:
        return client_page(template, status=status)
    return client_page(
        template,
        clinic=found.clinic,
        status=status,
        therapist=found.therapist,
        is_card=found.code.kind is AccessCodeKind.CASE_CARD,
        code_days=found.code.days_open or found.clinic.code_days,
        has_ended_care=not found.case.is_open,
        day=g.get("day"),
        typed=g.get("typed"),
        has_ended=getattr(g.get("met"), "has_ended", False),
    )


def _with_retry(response: Response) -> Response:
    if response.status_code in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS[response.status_code])
    return response

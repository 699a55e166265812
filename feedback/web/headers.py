"""What every answer of this server carries: one policy for client pages, one for staff pages, no exceptions."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from feedback.web.stylesheet import current_stylesheet, has_script
from feedback.web.surfaces import is_staff_page

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
"""`same-origin`, not `no-referrer`: under the latter a browser sends `Origin: null` with its own form."""

_CLOSED = "default-src 'none'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_STAFF = f"{_CLOSED}; script-src 'self'; style-src 'self'; connect-src 'self'"


def install_headers(app: Flask, *, secure: bool) -> None:
    """Set the policy of its surface on every answer, errors included. Pages are not kept unless a view says so."""
    app.wsgi_app = with_common(app.wsgi_app, secure=secure)  # type: ignore[assignment,method-assign]  # as its documentation says

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _STAFF if is_staff_page() else _client()
        if "Cache-Control" not in response.headers and request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def with_common(application: Application, *, secure: bool) -> Application:
    """Add what is the same on every answer just before it leaves, where nothing that answers can leave it out.

    Added as one list: setting each by name were 149 of the 1,779 function calls of opening a form.
    """
    common = [*COMMON.items()]
    if secure:
        common.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
            return start_response(status, headers + common, *failed)

        return application(environ, start)

    return answer


def _client() -> str:
    """Return the policy of a client page: exactly the sheet it carries, and a script only where the clinic wants it."""
    script = "; script-src 'self'; connect-src 'self'" if has_script() else ""
    return f"{_CLOSED}; style-src {current_stylesheet().source}{script}"

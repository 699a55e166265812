"""What every answer of this server carries: one policy for client pages, one for staff pages, no exceptions."""

from flask import Flask, Response, request

from feedback.web.dress import has_script, worn
from feedback.web.surfaces import is_staff_page

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

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.update(COMMON)
        response.headers["Content-Security-Policy"] = _STAFF if is_staff_page() else _client()
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def _client() -> str:
    """Give the policy of a client page: exactly the sheet it carries, and a script only where the clinic wants it."""
    script = "; script-src 'self'; connect-src 'self'" if has_script() else ""
    return f"{_CLOSED}; style-src {worn().source}{script}"

"""Refusing what another site sends in somebody's name.

Over plain http on a named host a browser leaves `Sec-Fetch-Site` away, so `Origin` decides there. A request with
neither comes from no browser: it carries nobody's cookie, and a form also needs its nonce.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install_same_origin(app: Flask, base_url: str) -> None:
    """Answer 403 to a changing request that another site sent."""
    ours = urlsplit(base_url).netloc

    @app.before_request
    def refuse_foreign() -> None:
        if request.method not in _SAFE and _is_foreign({ours, request.host}):
            abort(403)


def _is_foreign(ours: set[str]) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site == "cross-site":
        return True
    if origin is None or (origin == "null" and site == "same-origin"):
        return False
    return urlsplit(origin).netloc not in ours

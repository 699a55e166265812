"""Which pages belong to clients and which to staff, and how much each may be sent."""

from flask import Flask, current_app, request

from feedback.bootstrap import Installation
from feedback.domain.limits import CLIENT_BODY, STAFF_BODY

STAFF_BLUEPRINTS = frozenset({"therapist", "clinic", "account"})


def here() -> Installation:
    """Return the installation this app was made for."""
    installation: Installation = current_app.extensions["feedback"]
    return installation


def is_staff_page() -> bool:
    """True for pages behind the sign-in; everything else, unknown addresses included, follows the client's policy."""
    return request.blueprint in STAFF_BLUEPRINTS


def install_limits(app: Flask) -> None:
    """Bound request bodies in bytes: 16 KiB from clients, 1 MiB from staff."""
    app.config["MAX_CONTENT_LENGTH"] = CLIENT_BODY

    @app.before_request
    def widen_for_staff() -> None:
        if is_staff_page():
            request.max_content_length = STAFF_BODY

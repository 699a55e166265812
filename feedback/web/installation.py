"""The one way from a request to the installation it is served by."""

from flask import current_app

from feedback.bootstrap import Installation

KEY = "feedback"


def installation() -> Installation:
    """Give the settings, database, keys, clock and chance that `create_app` was given."""
    found = current_app.extensions[KEY]
    if not isinstance(found, Installation):
        raise TypeError("the application was made without an installation")
    return found

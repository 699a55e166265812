"""What staff forms have in common: a token bound to the signed-in session, and text that is kept as it is shown."""

import hmac
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, ValidationError
from wtforms.csrf.core import CSRF

from feedback.domain.plain_text import plain_text
from feedback.web.staff_session import signed_in


def kept_text(value: str | None) -> str:
    """Keep what was typed as it will be shown (`plain_text`)."""
    return plain_text(value or "")


def kept_line(value: str | None) -> str:
    """The same for one line: breaks and runs of blanks become one blank."""
    return " ".join(kept_text(value).split())


class SessionCsrf(CSRF):  # type: ignore[misc]  # the library carries no types
    """The token of a form is the session's own secret, derived from its cookie under the key "staff-pages"."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """Return the signed-in session's token."""
        del csrf_token_field
        who = signed_in()
        return who.csrf_secret if who else ""

    def validate_csrf_token(self, form: Any, field: Field) -> None:
        """Pass when the form came from a page of this very session. Raises `ValidationError`."""
        del form
        given, own = str(field.data or ""), str(field.current_token or "")
        if not own or not hmac.compare_digest(given.encode(), own.encode()):
            raise ValidationError("This page was open for too long. Please try again.")


class _SentForm(FlaskForm):  # type: ignore[misc]  # the library carries no types
    """A form that reads what forms send and nothing else.

    The library takes JSON for a form too, whatever its shape, and an empty body for none at all: both would be faults.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**({"formdata": _sent()} | more))


def _sent() -> Any:
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return None
    return CombinedMultiDict((request.files, request.form)) if request.files else request.form


class StaffForm(_SentForm):
    """A form on a signed-in page."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the library carries no types
        """Turn the token on, whatever Flask's settings say."""

        csrf = True
        csrf_class = SessionCsrf
        csrf_context = None
        csrf_secret = None
        csrf_field_name = "csrf_token"


class OpenForm(_SentForm):
    """A form on a page before sign-in: no session to bind a token to; the same-origin check of every POST stands."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the library carries no types
        """No token, and so no cookie."""

        csrf = False

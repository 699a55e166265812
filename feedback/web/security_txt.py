"""`/.well-known/security.txt` (RFC 9116): to whom a security researcher writes, where the operator says so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Response, abort

from feedback.settings import Settings
from feedback.web.health import health
from feedback.web.surfaces import here

PATH: Final = "/.well-known/security.txt"

GOOD_FOR: Final = timedelta(days=180)
"""RFC 9116 recommends less than a year, so that nobody writes to an address that nobody reads any more."""


@health.get(PATH)
def security_txt() -> Response:
    """Say to whom to write about a weakness, and where that stands; 404 where no contact is set."""
    it = here()
    if not it.settings.security_contact:
        abort(404)
    text = "".join(f"{line}\n" for line in _lines(it.settings, it.clock.now()))
    return Response(text, content_type="text/plain; charset=utf-8")


def _lines(settings: Settings, now: datetime) -> Iterator[str]:
    """Return the fields. `Expires` is the beginning of a day, so that all of a day gets the same file."""
    for contact in settings.security_contact:
        yield f"Contact: {contact}"
    expires = (now.astimezone(UTC) + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    yield f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"
    scheme = settings.base_url.partition("://")[0]
    for address in (settings.base_url, *(f"{scheme}://{name}" for name in settings.hosts)):
        yield f"Canonical: {address}{PATH}"

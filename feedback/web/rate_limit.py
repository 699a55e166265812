"""Where a request comes from, for the rate limits: what the proxies that are trusted say, else the connection's end."""

from collections.abc import Mapping
from typing import Any

from flask import request

from feedback.domain.networks import Origin, origin_of

ORIGIN = "feedback.origin"
"""Where in a request's environment its origin lies, once it is read."""


def read_origin(environ: Mapping[str, Any], trusted_proxies: int) -> Origin:
    """Return the origin of a request that no middleware has touched yet: as ProxyFix counts, from the right."""
    if trusted_proxies:
        forwarded = [each.strip() for each in str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        if len(forwarded) >= trusted_proxies and forwarded[-trusted_proxies]:
            return origin_of(forwarded[-trusted_proxies])
    return origin_of(environ.get("REMOTE_ADDR"))


def origin_here() -> Origin:
    """Return the origin of the present request. ProxyFix has put the client's address into it already."""
    known: Origin | None = request.environ.get(ORIGIN)
    return known or origin_of(request.remote_addr)

"""What the address of this request asks for."""

from flask import request


def asked(name: str) -> str | None:
    """Return what the query says under a name. Most addresses have none: then nothing is looked up."""
    return request.args.get(name) if request.query_string else None

"""Static files by the hash of their content: kept for a year by browsers, and never stale."""

import hashlib
from functools import cache

import flask
from flask import request, url_for

from feedback import paths

_YEAR = "public, max-age=31536000, immutable"


def asset(name: str) -> str:
    """Return the address of a static file, with a version that changes whenever the file does."""
    return url_for("static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((paths.static() / name).read_bytes()).hexdigest()[:12]


def keep_versioned(response: flask.Response) -> flask.Response:
    """Let browsers keep what was asked for by its present version."""
    if request.endpoint == "static" and response.status_code == 200 and _is_present_version():
        response.headers["Cache-Control"] = _YEAR
    return response


def _is_present_version() -> bool:
    name = (request.view_args or {}).get("filename", "")
    return request.args.get("v") == _version(name)

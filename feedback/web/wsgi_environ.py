"""Between the server's requests (RSGI) and the application's (WSGI, PEP 3333)."""

import io
import sys
from collections.abc import Callable
from typing import Any

Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers, body."""

_BARE = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
"""Headers that WSGI calls without HTTP_ before their name."""

_FAILED: Answer = (500, [("Content-Type", "text/plain; charset=utf-8")], b"Something went wrong here.\n")


def environ_of(scope: Any) -> dict[str, Any]:
    """Return the environment of a request, without its body and without the process's own variables.

    A header with an underscore in its name is left out: it would pass for the one with hyphens that a proxy sets.
    """
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "HTTP_HOST": scope.authority or "",
    }
    seen: set[str] = set()
    for name, value in scope.headers.items():
        if "_" not in name:
            key = name.upper().replace("-", "_")
            key = key if key in _BARE else f"HTTP_{key}"
            joint = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{joint}{value}" if key in seen else value
            seen.add(key)
    return environ


def said_length(environ: dict[str, Any]) -> int:
    """Return how many bytes a request says that it sends; none where it does not say it rightly."""
    length = str(environ.get("CONTENT_LENGTH") or "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def answer_of(application: Callable[..., Any], environ: dict[str, Any]) -> Answer:
    """Return what a WSGI application answers, whole. It says itself what goes wrong in it; else a plain 500."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _failed: Any = None) -> None:
        told[:] = [int(status.split(" ", 1)[0]), headers]

    try:
        parts = application(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
    except Exception:  # noqa: BLE001  it is logged where it happened; the connection must get an answer
        return _FAILED
    return told[0], told[1], body

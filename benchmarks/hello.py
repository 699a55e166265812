"""The least this server and framework can do: a Flask page of one word. `python -m benchmarks.hello PORT`."""

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from feedback.domain.limits import REQUESTS

THREADS = REQUESTS.at_once + REQUESTS.waiting


def hello() -> Callable[..., Any]:
    """Make the application."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def main() -> None:
    """Serve it as the product is served."""
    server = Server(
        "hello",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=hello, wrap_loader=False)


if __name__ == "__main__":
    main()

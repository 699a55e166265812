"""The product on a real port, for a browser: the application of a test, in a thread beside it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import generate_adhoc_ssl_context, make_server

from feedback.bootstrap import Installation
from feedback.web import create_app

HOST = "127.0.0.1"


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def address(port: int) -> str:
    """The base address of a server on a port."""
    return f"http://{HOST}:{port}"


@contextmanager
def serving(installation: Installation, port: int, *, secure: bool = False) -> Iterator[str]:
    """Answer on a port, each request in a thread of its own, until the block ends; gives the base address.

    `secure` serves HTTPS under a certificate that nobody vouches for; a browser has to be told to take it.
    """
    context = generate_adhoc_ssl_context() if secure else None
    server = make_server(HOST, port, create_app(installation), threaded=True, ssl_context=context)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address(port).replace("http:", "https:" if secure else "http:")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

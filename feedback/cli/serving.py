"""The production server: granian, WSGI, threads, no access log."""

import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from feedback.bootstrap import open_installation
from feedback.domain.clock import Clock
from feedback.domain.errors import Refused
from feedback.settings import Settings
from feedback.web import create_app

THREADS = 16
"""Per process. Python runs one at a time; the others wait for the disk or for a slow phone."""

GRACE_SECONDS = 20
"""How long requests under way may take to end after a stop; as long as a submission may wait for its turn."""


def load_application(settings: Settings, clock: Clock | None) -> Callable[..., Any]:
    """Open the installation and make the application: once in every worker."""
    return create_app(open_installation(settings, clock=clock))


def run_server(settings: Settings, *, host: str, port: int, workers: int, clock: Clock | None = None) -> None:
    """Serve until a signal (SIGTERM, SIGINT), then let what is under way end. Raises `Refused` for a port in use.

    A clock is given by a demo that stands at an instant.
    """
    _check_free(host, port)
    server = Server(
        "feedback",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    server.on_startup(lambda: click.echo(f"Serving {settings.base_url} on {host}, port {port}. Ctrl-C stops."))
    server.on_shutdown(lambda: click.echo("Stopped."))
    server.serve(target_loader=partial(load_application, settings, clock), wrap_loader=False)


def _check_free(host: str, port: int) -> None:
    """Refuse a port that somebody listens on: the server itself would share it, and answer every other request."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(f"Cannot listen on {host}, port {port}: {why}. Choose another one with --port.") from None

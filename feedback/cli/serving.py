"""The production server: granian (RSGI in front, the application in threads), no access log."""

import resource
import socket
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from feedback.bootstrap import open_installation
from feedback.domain.clock import Clock
from feedback.domain.errors import Refused
from feedback.domain.limits import CONNECTIONS, HEAD_SECONDS
from feedback.settings import Settings
from feedback.web import create_app
from feedback.web.load_shedding import LoadShedding

_FILES_BESIDE_CONNECTIONS = 1_024
"""Open files that the product itself may need beside its connections."""

GRACE_SECONDS = 20
"""How long requests under way may take to end after a stop; as long as a submission may wait for its turn."""


@dataclass(frozen=True)
class Load:
    """How a worker comes by the application: `made` before it was forked, where it was, else made by itself.

    What was made beforehand holds no open connection, for none may be shared between processes.
    """

    settings: Settings
    clock: Clock | None
    made: Flask | None

    def __call__(self) -> Any:
        """Return the application, load shedding in front; the server's types foresee no RSGI here."""
        return LoadShedding(self.made or create_app(open_installation(self.settings, clock=self.clock)))

    def __getstate__(self) -> tuple[Settings, Clock | None, None]:
        """Leave the application behind where a worker is a fresh process (macOS, Python 3.14): it makes its own."""
        return (self.settings, self.clock, None)

    def __setstate__(self, state: tuple[Settings, Clock | None, None]) -> None:
        """Take over what was carried."""
        for name, value in zip(("settings", "clock", "made"), state, strict=True):
            object.__setattr__(self, name, value)


def run_server(
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int,
    clock: Clock | None = None,
    made: Flask | None = None,
    warning: str = "",
) -> None:
    """Serve until a signal (SIGTERM, SIGINT), then let what is under way end. Raises `Refused` for a port in use.

    A clock is given by a demo that stands at an instant. `made` is the application where it is there already; its
    database is closed. A `warning` is said once, when it serves.
    """
    _check_free(host, port)
    _allow_open_files()
    server = Server(
        "feedback",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        workers=workers,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=int(1000 * HEAD_SECONDS)),
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    )
    server.on_startup(lambda: click.echo(f"Serving {settings.base_url} on {host}, port {port}. Ctrl-C stops."))
    if warning:
        server.on_startup(lambda: click.echo(f"feedback: {warning}", err=True))
    server.on_shutdown(lambda: click.echo("Stopped."))
    server.serve(target_loader=Load(settings, clock, made), wrap_loader=False)


def _allow_open_files() -> None:
    """Let the process open as many files as its connections may need, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _FILES_BESIDE_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


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

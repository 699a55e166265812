"""`feedback serve`."""

from contextlib import nullcontext

import click

from feedback.cli.opening import opened
from feedback.cli.serving import run_server
from feedback.cli.timers import timers_beside
from feedback.domain.errors import DatabaseWrong
from feedback.persistence.database import Database
from feedback.security.pool_access import look_at_pool
from feedback.services.clinic.keep_instruments import keep_instruments
from feedback.services.upkeep.integrity_check import check_whole
from feedback.web import create_app


@click.command(epilog="Example: feedback serve --host 127.0.0.1 --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes; one is right for SQLite."
)
@click.option(
    "--timers/--no-timers", default=True, help="Do due work every night beside it, or leave that to cron or systemd."
)
def serve(*, host: str, port: int, workers: int, timers: bool) -> None:
    """Serve the client's form and the staff pages, and do what is due in the clinic's night."""
    with opened() as it:
        app = create_app(it)  # What it refuses is said here in one line; a worker could only fail over and over.
        _prepare(it.database)
        settings = it.settings
        warning = look_at_pool(settings.keys_dir).warning
    with timers_beside() if timers else nullcontext():
        run_server(settings, host=host, port=port, workers=workers, made=app, warning=warning)


def _prepare(database: Database) -> None:
    """Look the database over and bring it this version's questionnaires; a damaged one is served for reading alone."""
    try:
        check_whole(database)
    except DatabaseWrong as error:
        click.echo(f"feedback: {error} Until then nothing is saved, and what is there can be read.", err=True)
        return
    with database.writing(None) as uow:
        keep_instruments(uow)

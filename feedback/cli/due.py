"""`feedback run-due` and `feedback file-pool`: what a timer or the operator sets going."""

from datetime import UTC, datetime

import click

from feedback.cli.opening import opened
from feedback.domain.clock import FixedClock
from feedback.services.file_pool import Filing, file_pool
from feedback.services.run_due import run_due as do_what_is_due


@click.command("run-due", epilog="Example: feedback run-due")
@click.option("--now", type=click.DateTime(), help="Stand at this instant, in UTC, instead of the present one.")
def run_due(now: datetime | None) -> None:
    """Do everything that is due: today's filing of the answers that are only counted.

    Meant for a timer in the clinic's night. Running it again, or twice at once, does nothing more.
    """
    with opened() as it:
        clock = FixedClock(now.replace(tzinfo=UTC)) if now else it.clock
        filing = do_what_is_due(it.database, clock, it.keyring, it.chance)
    if filing is None:
        click.echo("Nothing is due.")
    else:
        _say(filing)


@click.command("file-pool", epilog="Example: feedback file-pool")
@click.option(
    "--drop-unreadable", is_flag=True, help="Give up answers sealed to a key that is lost, and say how many they were."
)
def file(*, drop_unreadable: bool) -> None:
    """File the answers that are only counted, now.

    Answers move in groups of five or more, or when their month is over; the others are sealed again to a new key.
    """
    with opened() as it:
        filing = file_pool(it.database, it.clock, it.keyring, it.chance, drop_unreadable=drop_unreadable)
    if filing is None:
        click.echo("There is no clinic yet, and nothing to file.")
    else:
        _say(filing)


def _say(filing: Filing) -> None:
    click.echo("Filed. What has to wait for company is sealed to a new key; the old keys are destroyed.")
    if filing.dropped:
        click.echo(f"Given up, because their key is lost: {filing.dropped}.")
    if filing.has_unreadable:
        click.echo(
            "Some answers wait under a key that is not here. File on the host that has it; if it is lost, as after "
            "a restored copy, give them up with: feedback file-pool --drop-unreadable"
        )
    if not filing.has_cut_log:
        click.echo(
            "PostgreSQL's log was left to be recycled in its own time: this account may not ask for a checkpoint. "
            "docs/for-operators.md says how to allow it."
        )

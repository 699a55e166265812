"""`feedback run-due`, `file-pool` and `purge`: what a timer or the operator sets going."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

import click

from feedback.cli.opening import opened
from feedback.cli.timers import do_due, stay_and_run
from feedback.domain.clock import FixedClock
from feedback.persistence.upkeep.erasing import cut_log, vacuum
from feedback.services.upkeep.purge import Purged
from feedback.services.upkeep.purge import purge as delete_what_is_old
from feedback.services.upkeep.rewrite_submissions import Rewritten, rewrite_submissions


@click.command("run-due", epilog="Example: feedback run-due")
@click.option("--now", type=click.DateTime(), help="Stand at this instant, in UTC, instead of the present one.")
@click.option("--stay", is_flag=True, help="Look every ten minutes until standard input ends, as under `serve`.")
def run_due(*, now: datetime | None, stay: bool) -> None:
    """Do everything that is due: publish figures, delete what has had its time, rewrite sealed answers.

    Months and quarters that are over are closed. Then it tells by mail, without saying what, those who asked to be told
    that something is new.

    Meant for a timer in the clinic's night. Running it again, or twice at once, does nothing more. A job that fails
    keeps no other waiting: it is said, the status is 1, and it is tried again at the next run.
    """
    with opened() as it:
        if stay:
            for problems in stay_and_run(it, sys.stdin.fileno()):
                _warn(problems)
            return
        done = do_due(it, FixedClock(now.replace(tzinfo=UTC)) if now else it.clock)
    if done.is_nothing:
        click.echo("Nothing is due.")
    for release in done.closed:
        click.echo(f"Closed {release.period}.")
    _say_purged(done.purged, "Deleted")
    if done.rewritten is not None:
        _say(done.rewritten)
    if done.notices.sent:
        click.echo(f"Sent {done.notices.sent} notices by mail.")
    _warn(done.problems)
    if done.failures:
        sys.exit(1)


def _warn(problems: Iterable[str]) -> None:
    for line in problems:
        click.echo(f"feedback: due work, {line}", err=True)


@click.command("purge", epilog="Example: feedback purge --dry-run")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be deleted.")
def purge(*, is_dry: bool) -> None:
    """Delete what has had its time, or say what would go.

    Ended codes, comments, answers, copies: `feedback run-due` does it every night.

    What is deleted is then erased from the database's files too; others wait while that runs.
    """
    with opened() as it:
        found = delete_what_is_old(it.database, it.clock, it.chance, it.journal, is_dry=is_dry)
        if found != Purged() and not is_dry:
            vacuum(it.database)
            cut_log(it.database)
    if found == Purged():
        click.echo("Nothing has had its time.")
    _say_purged(found, "Would delete" if is_dry else "Deleted")


def _say_purged(found: Purged, verb: str) -> None:
    """Say how much went."""
    told = (
        (found.codes, f"{found.codes} ended codes"),
        (found.comments, f"{found.comments} comments"),
        (found.answers, f"{found.answers} shared answers"),
        (found.files, f"{found.files} old files"),
    )
    for count, words in told:
        if count:
            click.echo(f"{verb}: {words}.")


@click.command("file-pool", epilog="Example: feedback file-pool")
@click.option(
    "--drop-unreadable", is_flag=True, help="Give up answers sealed to a key that is lost, and say how many they were."
)
def file(*, drop_unreadable: bool) -> None:
    """Rewrite the sealed answers and rotate their keys, now.

    Afterwards the files do not tell in which order answers came. `feedback run-due` does it every night; what is sealed
    is opened when its quarter's figures are made, and not before.
    """
    with opened() as it:
        rewritten = rewrite_submissions(it.database, it.clock, it.keyring, it.chance, drop_unreadable=drop_unreadable)
    if rewritten is None:
        click.echo("There is no clinic yet, and nothing is sealed.")
    else:
        _say(rewritten)


def _say(rewritten: Rewritten) -> None:
    click.echo("Sealed answers are rewritten; keys that nothing is sealed to any more are destroyed.")
    if rewritten.dropped:
        click.echo(f"Given up, because their key is lost: {rewritten.dropped}.")
    if rewritten.has_unreadable:
        click.echo(
            "Some answers are sealed to a key that is not here. Run this where it is; if it is lost, as after "
            "a restored copy, give them up with: feedback file-pool --drop-unreadable"
        )
    if not rewritten.has_cut_log:
        click.echo(
            "PostgreSQL's log was left to be recycled in its own time: this account may not ask for a checkpoint. "
            "docs/for-operators.md says how to allow it."
        )

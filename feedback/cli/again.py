"""`feedback detect-again`: what to run after an upgrade brought a new version of the detector."""

import sys

import click

from feedback.cli.opening import opened
from feedback.services.flags.judge_all_again import judge_outdated, list_outdated


@click.command("detect-again", epilog="Example: feedback detect-again")
def detect_again() -> None:
    """Judge every case again whose findings an earlier version of the detector made.

    Each case by itself: safe to interrupt, to run again and to run while the product serves. Raises no flag for what
    is past.
    """
    unseen = not sys.stderr.isatty()
    with opened() as it:
        outdated = list_outdated(it.database, it.chance)
        with click.progressbar(outdated, label="Judging cases", file=sys.stderr, hidden=unseen) as cases:
            for one in cases:
                judge_outdated(it.database, it.chance, one)
    click.echo(f"Judged again: {len(outdated)}." if outdated else "Everything is up to date.")

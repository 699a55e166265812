"""`feedback keys`: the files without which the database cannot be read."""

import click

from feedback.security.keyring import PURPOSES, Keyring
from feedback.settings import read_settings


@click.group(epilog="Example: feedback keys check")
def keys() -> None:
    """Make and check the keys."""


@keys.command("init", epilog="Example: feedback keys init")
def init() -> None:
    """Draw the keys of a new installation. Keys that are there already stay as they are."""
    folder = Keyring.create(read_settings().keys_dir).folder
    click.echo(f"{len(PURPOSES)} keys are in {folder}. Keep a copy in another place than the copies of the database.")


@keys.command("check", epilog="Example: feedback keys check")
def check() -> None:
    """Check that every key is there, whole, and readable by nobody else."""
    folder = Keyring.load(read_settings().keys_dir).folder
    click.echo(f"All {len(PURPOSES)} keys in {folder} are in order.")

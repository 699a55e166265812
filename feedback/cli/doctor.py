"""`feedback doctor`."""

import click

from feedback.domain.clock import SystemClock
from feedback.services.upkeep.examine import examine
from feedback.settings import read_settings


@click.command(epilog="Example: feedback doctor")
def doctor() -> None:
    """Look at everything the installation needs, and say what to do.

    Changes nothing. Leaves with status 1 when something is not in order.
    """
    is_well = True
    for found in examine(read_settings(), SystemClock()):
        is_well &= found.is_well
        click.echo(f"{'well' if found.is_well else 'LOOK':4}  {found.name:12}  {found.said}")
        if found.remedy:
            click.echo(f"{'':20}{found.remedy}")
    if not is_well:
        raise SystemExit(1)

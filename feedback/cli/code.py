"""`feedback code`: access codes from the command line, for an operator who tries things out."""

from pathlib import Path

import click

from feedback.bootstrap import Installation
from feedback.cli.opening import OPERATOR, opened, writing
from feedback.cli.terminal_qr import draw_in_terminal
from feedback.domain.access import show_typed
from feedback.domain.care import TherapySession, read_case_code
from feedback.domain.errors import Refused
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.services.codes.issue_access_code import ShownCode, issue_access_code
from feedback.web.qr import code_address, qr_svg


@click.group(epilog="Example: feedback code issue --case K7Q2X-M --qr")
def code() -> None:
    """Issue access codes."""


@code.command(epilog="Example: feedback code issue --case K7Q2X-M --qr")
@click.option("--case", "case_code", required=True, metavar="CODE", help="The case, such as K7Q2X-M.")
@click.option("--card", is_flag=True, help="A card for every session, not a code for the newest one.")
@click.option("--qr", is_flag=True, help="Draw the QR code in the terminal.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write the QR code to this file, as SVG.")
def issue(*, case_code: str, card: bool, qr: bool, svg: Path | None) -> None:
    """Issue a code for a case's newest therapy session, and print its link and what may be typed instead."""
    with opened() as it:
        with writing(it) as uow:
            shown = _issue(uow, it, case_code, card=card)
        address = code_address(it.settings.base_url, shown.token)
    if svg:
        svg.write_text(qr_svg(address, "QR code"), encoding="utf-8")
    if qr:
        click.echo(draw_in_terminal(address), color=True)
    click.echo(f"{address}\n{show_typed(shown.typed)}")


def _issue(uow: UnitOfWork, it: Installation, case_code: str, *, card: bool) -> ShownCode:
    folded = read_case_code(case_code)
    if folded is None:
        raise click.BadParameter(f"{case_code} is not a case code. It looks like K7Q2X-M.", param_hint="--case")
    case = care.get_case(uow, folded)
    meeting = None if card else _newest(uow, folded)
    return issue_access_code(uow, it.clock, it.keyring, it.chance, case=case, by=OPERATOR, meeting=meeting)


def _newest(uow: UnitOfWork, case_code: str) -> TherapySession:
    meetings = care.list_therapy_sessions(uow, case_code)
    if not meetings:
        raise Refused(f"{case_code} has no therapy session yet. The therapist adds one, or use --card.")
    return meetings[-1]

"""`feedback demo`: a throw-away clinic with believable data, made and served by one command."""

import json
import shutil
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from feedback.bootstrap import make_installation
from feedback.cli.serving import run_server
from feedback.cli.terminal_qr import draw_in_terminal
from feedback.demo.clinic import DemoClinic, SignIn, make_demo
from feedback.demo.folder import claim_folder, settings_of
from feedback.domain.access import show_typed
from feedback.domain.clock import Clock, FixedClock
from feedback.security.totp import code_at, step_at
from feedback.services.accounts.set_up_second_step import show_recovery_code
from feedback.web.qr import code_address

_ANY_HOST = "0.0.0.0"  # noqa: S104  only compared with
_NOWHERE = ("192.0.2.1", 9)
"""An address that is nowhere (RFC 5737): asking the way there tells our own address, and sends nothing."""


@click.command(epilog="Example: feedback demo --host 0.0.0.0 --port 8000")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), help="Keep it here, made anew.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here; 0.0.0.0 lets phones in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--cases", default=240, show_default=True, type=click.IntRange(16, 2000), help="How many cases.")
@click.option("--months", default=14, show_default=True, type=click.IntRange(2, 36), help="How long they go back.")
@click.option("--seed", default=1, show_default=True, help="Another seed, another clinic.")
@click.option("--now", "instant", metavar="ISO", help="Let the demo stand at this instant, such as 2026-03-02T12:00Z.")
@click.option("--serve/--no-serve", default=True, help="Serve it, or only make it.")
@click.option("--json", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write how to get in here.")
def demo(
    *,
    folder: Path | None,
    host: str,
    port: int,
    cases: int,
    months: int,
    seed: int,
    instant: str | None,
    serve: bool,
    report: Path | None,
) -> None:
    """Make a throw-away clinic with believable data, and serve it."""
    clock = _standing_at(instant)
    place = folder or Path(tempfile.mkdtemp(prefix="feedback-demo-"))
    claim_folder(place)
    settings = settings_of(place, f"http://{_reachable(host)}:{port}")
    click.echo(f"Making a clinic of {cases} cases over {months} months. This takes some seconds.")
    it = make_installation(settings, clock=clock)
    with it.database:
        made = make_demo(it, cases=cases, months=months, seed=seed)
    if report:
        report.write_text(json.dumps(_as_data(made, settings.base_url), indent=2) + "\n", encoding="utf-8")
    _tell(made, it.clock, settings.base_url, place)
    if serve:
        try:
            run_server(settings, host=host, port=port, workers=1, clock=clock)
        finally:
            if folder is None:
                shutil.rmtree(place)


def _standing_at(instant: str | None) -> Clock | None:
    if instant is None:
        return None
    try:
        read = datetime.fromisoformat(instant)
    except ValueError:
        raise click.BadParameter(
            f"{instant} is not an instant such as 2026-03-02T12:00Z.", param_hint="--now"
        ) from None
    return FixedClock(read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC))


def _reachable(host: str) -> str:
    """Return the address under which others reach us: on every interface, the one that leads out."""
    if host != _ANY_HOST:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOWHERE)
        except OSError:
            return "127.0.0.1"
        own: str = probe.getsockname()[0]
        return own


def _as_data(made: DemoClinic, base_url: str) -> dict[str, object]:
    def person(who: SignIn) -> dict[str, object]:
        codes = [show_recovery_code(code) for code in who.recovery_codes]
        return {
            "email": who.email,
            "password": who.password,
            "totp_secret": who.totp_secret,
            "recovery_codes": codes,
        }

    return {
        "base_url": base_url,
        "client_url": f"{base_url}/F/{made.code.token}",
        "typed_code": show_typed(made.code.typed),
        "case": made.case,
        "therapist": person(made.therapist),
        "admin": person(made.admin),
        "supervisor": person(made.supervisor) | {"case": made.shared},
    }


def _tell(made: DemoClinic, clock: Clock, base_url: str, place: Path) -> None:
    click.echo(f"{made.name}: {made.cases} cases and {made.forms} answers, all invented, in {place}.")
    click.echo("Three people to be: a client on a phone, a therapist, the clinic's admin. Begin with the client.\n")
    click.echo(draw_in_terminal(code_address(base_url, made.code.token)), color=True)
    click.echo(f"Client     scan this, or open {base_url}/F/{made.code.token}")
    click.echo(f"           or type {show_typed(made.code.typed)} at {base_url}")
    click.echo(f"           (it belongs to case {made.case})")
    for title, who in (("Therapist", made.therapist), ("Admin", made.admin), ("Supervisor", made.supervisor)):
        codes = [show_recovery_code(code) for code in who.recovery_codes]
        now = code_at(who.totp_secret, step_at(clock.now()))
        click.echo(f"{title:<10} {base_url}/sign-in  {who.email}  {who.password}")
        click.echo(f"           then {now} within a minute; later one of these, each once:")
        click.echo(f"           {'  '.join(codes[:5])}")
        click.echo(f"           {'  '.join(codes[5:])}")
        click.echo(f"           (an authenticator app makes the digits from {who.totp_secret})")
    click.echo(f"           (may read case {made.shared} for thirty days)\n")

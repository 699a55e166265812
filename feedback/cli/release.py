"""`feedback release`: the ledger of published figures."""

from pathlib import Path

import click

from feedback.cli.opening import OPERATOR, opened, within_the_clinic, writing
from feedback.domain.errors import LedgerBroken
from feedback.domain.figures.attack import check_published, threats
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Rule
from feedback.persistence.figures import ledger
from feedback.services.audit.record_audit import record_audit
from feedback.services.figures.close_release import close_release
from feedback.services.figures.ledger_recovery import check_ledger, import_ledger
from feedback.services.figures.open_submissions import forget_opened, open_submissions


@click.group(epilog="Example: feedback release list")
def release() -> None:
    """List, close and check published figures."""


@release.command("list", epilog="Example: feedback release list")
def list_all() -> None:
    """List every closed month and quarter."""
    with opened() as it, it.database.reading(None) as uow:
        entries = ledger.list_entries(within_the_clinic(uow))
    for entry in entries:
        published = entry.release
        given = sum(figure.value is not None for figure in published.figures)
        told = (
            "no figures, to protect clients" if published.is_gated else f"{given} of {len(published.figures)} figures"
        )
        mark = "  demo" if published.is_demo else ""
        click.echo(f"{published.period!s:8}  closed {published.closed_on}  {published.rule.name}  {told}{mark}")
    if not entries:
        click.echo("Nothing is closed yet. feedback run-due closes months and quarters seven days after their end.")


@release.command("close", epilog="Example: feedback release close 2026-09")
@click.argument("period")
def close(period: str) -> None:
    """Close PERIOD, a month (2026-09) or a quarter (2026-Q3), and draw its figures: once, for good.

    A closed period is left as it is. `feedback run-due` does this by itself.
    """
    with opened() as it, writing(it) as uow:
        before = len(ledger.list_periods(uow))
        wanted = Period.read(period)
        sealed = open_submissions(uow, it.keyring, it.journal, wanted)
        made = close_release(uow, it.clock, it.chance, it.journal, period=wanted, rule=it.rule, unseen=sealed.unseen)
        forget_opened(uow, sealed)
        is_new = len(ledger.list_periods(uow)) > before
        if is_new:
            record_audit(uow, it.clock, it.keyring, actor=OPERATOR, action="release.closed", subject=str(made.period))
    click.echo(f"{made.period} is closed." if is_new else f"{made.period} was closed on {made.closed_on} already.")


@release.command("verify", epilog="Example: feedback release verify")
def verify() -> None:
    """Check that nobody changed the ledger: every line, the chain through them, and the journal's copy."""
    with opened() as it, it.database.reading(None) as uow:
        head = check_ledger(within_the_clinic(uow), it.journal)
    click.echo(f"The ledger is in order. Its head is {head}." if head else "The ledger is empty.")


@release.command("attack", epilog="Example: feedback release attack")
def attack() -> None:
    """Say what somebody could learn at most from all published figures, and whether the ledger keeps to its rule.

    For a clinic's own statistician. The adversary knows every answer but those of one client, the rule and its noise.
    """
    with opened() as it, it.database.reading(None) as uow:
        inside = within_the_clinic(uow)
        check_ledger(inside, it.journal)
        releases = [entry.release for entry in ledger.list_entries(inside)]
    for rule in dict.fromkeys(each.rule for each in releases) or (it.rule,):
        _say_rule(rule)
        for threat in threats(rule):
            click.echo(f"  Who wants to know {threat.wants} and looks at {threat.looks_at}:")
            click.echo(f"    best guess right in at most {threat.right:.1%}; a coin 50.0%, by ε {threat.bound:.1%}.")
    wrong = check_published(releases)
    if wrong:
        raise LedgerBroken(f"The ledger holds what its rule forbids: {'; '.join(wrong)}.")
    click.echo(f"{len(releases)} releases keep to their rule: no count below its floor, none of a unit under the gate.")


def _say_rule(rule: Rule) -> None:
    if rule.counts_clients:
        parts = ", ".join(f"{part} {float(each):.4g}" for part, each in rule.spent)
        click.echo(f"Rule {rule.name}, version {rule.version}: clients are counted, each once in each part.")
        click.echo(f"  ε of each part: {parts}; months count three times in a quarter.")
    else:
        click.echo(f"Rule {rule.name}, version {rule.version}: noise of scale {rule.count_scale} on each count.")
        click.echo(f"  ε {float(rule.epsilon_response):g} for one response, composed over everything published of it;")
    click.echo(f"  ε {float(rule.epsilon_client_quarter):g} for everything one client may add to a quarter.")


@release.command("import", epilog="Example: feedback release import /var/backups/journal/ledger.jsonl")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def import_lines(file: Path) -> None:
    """Give back what was published, from a copy of the journal's FILE `ledger.jsonl`, after a restore without it.

    An empty file says that nothing was published but what the database knows.
    """
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    with opened() as it, writing(it) as uow:
        new = import_ledger(uow, it.journal, lines)
        record_audit(uow, it.clock, it.keyring, actor=OPERATOR, action="ledger.imported", subject=str(new))
    click.echo(f"The ledger is whole. Periods that the database did not know: {new}.")

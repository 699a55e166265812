"""A release as one JSON document; its JSON Schema is `release.schema.json` beside this file."""

from importlib import resources
from typing import Any

from feedback.domain.figures.ledger import LedgerEntry, next_entry
from feedback.domain.figures.release import Figure, Release, Rule, Unit
from feedback.exporters import about
from feedback.exporters.codebook import label
from feedback.exporters.datapackage import written

FORMAT = "rapport-release"
FORMAT_VERSION, BY_ANSWERS = 2, 1
"""The version of the document; what was published by answers keeps the one it had."""


def write_json(release: Release) -> bytes:
    """Write everything that was published, in words too, and the ledger's own line to check it against."""
    period = release.period
    return written(
        {
            "format": FORMAT,
            "format_version": FORMAT_VERSION if release.rule.counts_clients else BY_ANSWERS,
            "clinic": {"id": release.clinic_id, "name": release.clinic_name},
            "period": str(period),
            "first_day": str(period.first_day),
            "last_day": str(period.last_day),
            "closed_on": str(release.closed_on),
            "is_demo": release.is_demo,
            "rule": _rule(release.rule),
            "notes": list(about.notes(release)),
            "gated": [
                {"unit": _unit(unit), "reason": str(reason), "words": reason.words} for unit, reason in release.gated
            ],
            "figures": [_figure(figure) for figure in release.figures],
            "ledger": {"number": release.number, "head": release.chain, "line": _line(release)},
        }
    )


def schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of the document."""
    return (resources.files(__package__) / "release.schema.json").read_bytes()


def _rule(rule: Rule) -> dict[str, Any]:
    by_clients = {"epsilon_of_parts": {str(part): float(each) for part, each in rule.spent}}
    response = {"epsilon_response": float(rule.epsilon_response)}
    return {
        "name": rule.name,
        "version": rule.version,
        "is_strict": rule.is_strict,
        **({} if rule.counts_clients else {"count_scale": rule.count_scale}),
        "floor": rule.floor,
        "rounding": rule.rounding,
        **({} if rule.counts_clients else {"most_per_case_month": rule.most_per_case_month} | response),
        "epsilon_client_quarter": float(rule.epsilon_client_quarter),
        **(by_clients if rule.counts_clients else {}),
    }


def _unit(unit: Unit) -> dict[str, str]:
    return {"kind": str(unit.kind), "id": unit.id, "name": unit.name}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "level": str(figure.level),
        "unit": _unit(figure.unit),
        "measure": figure.measure,
        "label": label(figure.measure),
        "status": str(figure.status),
        "words": figure.words,
        "value": figure.value,
        "lower95": figure.lower95,
        "upper95": figure.upper95,
    }


def _line(release: Release) -> str:
    content = next_entry(None, release).content
    return LedgerEntry(release.clinic_id, release.number, release.period, content, release.chain).line

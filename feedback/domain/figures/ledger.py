"""The ledger's lines: each holds one release as text, and is chained to the line before it.

The chain is plain SHA-256, without a key, so that anybody who holds two exports can check that they are of one ledger.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from feedback.domain.errors import LedgerBroken
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import (
    Figure,
    FigureStatus,
    GateReason,
    LatticeLevel,
    Part,
    Release,
    Rule,
    Unit,
    UnitKind,
)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line: its place from 1, the period, the release as canonical text, and the chain's link in hexadecimal."""

    clinic_id: str
    number: int
    period: Period
    content: str
    chain: str

    @property
    def release(self) -> Release:
        """Read the release that the line holds. Raises `LedgerBroken` when it cannot be read."""
        return _from_text(self.content, self.number, self.chain)

    @property
    def line(self) -> str:
        """Write the whole line as one line of JSON, as journal and exports keep it."""
        plain = {"clinic": self.clinic_id, "number": self.number, "period": str(self.period)}
        return _json(plain | {"content": self.content, "chain": self.chain})

    @classmethod
    def read(cls, line: str) -> "LedgerEntry":
        """Read a line back. Raises `LedgerBroken`."""
        try:
            raw = json.loads(line)
            period = Period.read(raw["period"])
            return cls(str(raw["clinic"]), int(raw["number"]), period, str(raw["content"]), str(raw["chain"]))
        except (ValueError, KeyError, TypeError) as error:
            raise LedgerBroken("This is not a line of a ledger.") from error


def next_entry(before: LedgerEntry | None, release: Release) -> LedgerEntry:
    """Chain a release, just drawn, to the line before it. Its own `number` and `chain` are not looked at."""
    number = before.number + 1 if before else 1
    content = _as_text(release)
    link = _link(before.chain if before else "", release.clinic_id, number, content)
    return LedgerEntry(release.clinic_id, number, release.period, content, link)


def check_chain(entries: Iterable[LedgerEntry]) -> str:
    """Return the head of a whole ledger (empty for none). Raises `LedgerBroken` that names the first wrong line."""
    head = ""
    for number, entry in enumerate(entries, 1):
        fits = entry.number == number and entry.chain == _link(head, entry.clinic_id, number, entry.content)
        if not fits or entry.release.period != entry.period:
            raise LedgerBroken(
                f"Line {number} of the ledger ({entry.period}) was changed, or one before it is missing."
            )
        head = entry.chain
    return head


def _link(before: str, clinic_id: str, number: int, content: str) -> str:
    message = "\x1f".join((before, clinic_id, str(number), content))
    return hashlib.sha256(message.encode()).hexdigest()


def _as_text(release: Release) -> str:
    rule = _rule_as_json(release.rule)
    units = list(dict.fromkeys([*(figure.unit for figure in release.figures), *(unit for unit, _ in release.gated)]))
    return _json(
        {
            "clinic": [release.clinic_id, release.clinic_name],
            "period": str(release.period),
            "closed_on": release.closed_on.isoformat(),
            "is_demo": release.is_demo,
            "rule": rule,
            "units": [[unit.kind, unit.id, unit.name] for unit in units],
            "figures": [_figure_as_row(figure, units) for figure in release.figures],
            "gated": [[units.index(unit), reason] for unit, reason in release.gated],
        }
    )


def _figure_as_row(figure: Figure, units: list[Unit]) -> list[Any]:
    where = [figure.level, units.index(figure.unit), figure.measure, figure.status]
    return [*where, figure.value, figure.lower95, figure.upper95]


def _from_text(content: str, number: int, chain: str) -> Release:
    try:
        raw = json.loads(content)
        units = [Unit(UnitKind(kind), unit_id, name) for kind, unit_id, name in raw["units"]]
        return Release(
            clinic_id=raw["clinic"][0],
            clinic_name=raw["clinic"][1],
            period=Period.read(raw["period"]),
            closed_on=date.fromisoformat(raw["closed_on"]),
            rule=_rule(raw["rule"]),
            figures=tuple(_figure_from_row(row, units) for row in raw["figures"]),
            number=number,
            chain=chain,
            is_demo=raw["is_demo"],
            gated=tuple((units[unit], GateReason(reason)) for unit, reason in raw["gated"]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise LedgerBroken(f"Line {number} of the ledger cannot be read.") from error


def _figure_from_row(row: list[Any], units: list[Unit]) -> Figure:
    level, unit, measure, status, value, lower, upper = row
    return Figure(LatticeLevel(level), units[unit], measure, FigureStatus(status), value, lower, upper)


_EVERY = ("name", "version", "is_strict", "floor", "rounding")
_BY_ANSWERS = ("count_scale", "most_per_case_month")


def _rule_as_json(rule: Rule) -> dict[str, Any]:
    """Return a rule as text keeps it: what it counts by, clients or answers, and nothing of the other."""
    plain = {name: getattr(rule, name) for name in _EVERY}
    plain["epsilon_client_quarter"] = str(rule.epsilon_client_quarter)
    if rule.counts_clients:
        return plain | {"spent": [[str(part), str(each)] for part, each in rule.spent]}
    return (
        plain | {name: getattr(rule, name) for name in _BY_ANSWERS} | {"epsilon_response": str(rule.epsilon_response)}
    )


def _rule(raw: dict[str, Any]) -> Rule:
    whole = dict(raw)
    for name in ("epsilon_response", "epsilon_client_quarter"):
        if name in whole:
            whole[name] = Fraction(whole[name])
    whole["spent"] = tuple((Part(part), Fraction(each)) for part, each in whole.get("spent", ()))
    return Rule(**whole)


def _json(plain: Mapping[str, Any]) -> str:
    """Write canonically: the same content is always the same text."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

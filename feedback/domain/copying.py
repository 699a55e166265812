"""What a copy of an installation is made of: tables with their rows, and a sum that tells whether two are the same."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

Row = tuple[Any, ...]

FORMAT: Final = 1
"""The form in which copies are written. A reader refuses what is newer."""

_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table holds, and a sum over them that does not depend on their order."""

    name: str
    rows: int = 0
    total: int = 0

    @classmethod
    def of(cls, name: str, rows: Iterable[Row]) -> "TableSum":
        """Sum up rows while they are taken."""
        found = cls(name)
        for row in rows:
            found = found.plus(row)
        return found

    def plus(self, row: Row) -> "TableSum":
        """Return the sum with one row more: the rows' SHA-256 digests added up, modulo 2²⁵⁶."""
        digest = int.from_bytes(hashlib.sha256(row_to_text(row).encode()).digest(), "big")
        return TableSum(self.name, self.rows + 1, (self.total + digest) % _MODULUS)


def row_to_text(row: Row) -> str:
    """Write a row as one line of JSON that `row_from_text` reads back, types included."""
    return json.dumps([_out(value) for value in row], separators=(",", ":"))


def row_from_text(line: str) -> Row:
    """Read a row back. Raises `ValueError` when the line is none."""
    return tuple(_back(value) for value in json.loads(line))


def _out(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(bytes(value)).decode()}
        case datetime():
            return {"instant": value.astimezone(UTC).isoformat()}
        case date():
            return {"day": value.isoformat()}
        case dict() | list():
            return {"json": value}
    return value


def _back(value: Any) -> Any:
    match value:
        case {"bytes": written}:
            return base64.b64decode(written)
        case {"instant": written}:
            return datetime.fromisoformat(written)
        case {"day": written}:
            return date.fromisoformat(written)
        case {"json": written}:
            return written
    return value


def differing(one: Iterable[TableSum], other: Iterable[TableSum]) -> tuple[str, ...]:
    """Name the tables whose rows are not the same in both, or that only one has."""
    return tuple(sorted({table.name for table in set(one) ^ set(other)}))

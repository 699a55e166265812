"""A figure beside its limit, and the one table that all of them make."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One line of the table: what was measured, what came out, beside what, and the goal.

    `ratio` is ours to the one beside it, where there is one. `is_reached` is None where a figure only informs.
    """

    path: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    goal: str = ""
    is_reached: bool | None = None

    @property
    def verdict(self) -> str:
        """Return one word for people."""
        return "" if self.is_reached is None else "reached" if self.is_reached else "missed"

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the line's cells."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.path, self.ours, self.beside, ratio, self.goal, self.verdict)


HEAD = ("path", "figure", "beside, in the same run", "ratio", "goal", "")


def as_table(lines: Iterable[Measured]) -> str:
    """Return a table in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells for line in lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)

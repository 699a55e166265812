"""Cells of a table given to `feedback detect`, read one by one; what is wrong is named with its remedy."""

from collections.abc import Mapping
from datetime import date

from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.scoring import SCALE_TOP


def missing_column(name: str) -> DetectionInputWrong:
    """Say that a whole column is missing."""
    return DetectionInputWrong(
        f"Row 1, column {name}: this column is missing. Add it to the header; a blank cell means not answered."
    )


class Cells:
    """One row of the table. Every method may raise `DetectionInputWrong`."""

    def __init__(
        self, number: int, record: Mapping[str | None, str | list[str] | None], instrument: Instrument
    ) -> None:
        self.number = number
        self._record = record
        self._instrument = instrument
        if None in record:
            raise self.wrong("last", "there are more cells than columns. Put text that holds a comma in quotes")

    def wrong(self, column: str, what: str) -> DetectionInputWrong:
        """Make the error that names this row."""
        return DetectionInputWrong(f"Row {self.number}, column {column}: {what}.")

    def text(self, column: str) -> str:
        """Give a cell without the blanks around it; blank when the row is too short or has no such column."""
        cell = self._record.get(column)
        return cell.strip() if isinstance(cell, str) else ""

    def case(self) -> str:
        """Give the name of the case."""
        return self.text("case") or self._missing("case", "name the case of this row")

    def session(self) -> int:
        """Give the number of the therapy session, counted from 1."""
        text = self.text("session")
        if not text.isdecimal() or int(text) < 1:
            raise self.wrong("session", f"“{text}” is not the number of a therapy session. Count from 1")
        return int(text)

    def day(self) -> date:
        """Give the date of the therapy session."""
        text = self.text("date")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.wrong("date", f"“{text}” is not a date. Write it like 2026-03-02") from None

    def ratings(self) -> dict[str, float]:
        """Give the answered ratings by item id, 0–10."""
        found = {}
        for item in self._instrument.scales:
            text = self.text(item.id)
            if text:
                found[item.id] = self._rating(item.id, text)
        return found

    def steps(self) -> int | None:
        """Give the number of answer steps this row states, if it does."""
        text = self.text("steps")
        if not text:
            return None
        if not text.isdecimal() or not 2 <= int(text) <= 101:
            raise self.wrong("steps", f"“{text}” is not a number of answer steps. Write 2 to 101")
        return int(text)

    def direct(self) -> int | None:
        """Give the answer to the direct item as its place from 0, written as that number or as the option's value."""
        item = self._instrument.by_id.get(self._instrument.detector.direct_item or "")
        text = self.text(item.id) if item else ""
        if item is None or not text:
            return None
        values = [option.value for option in item.options]
        if text in values:
            return values.index(text)
        if text.isdecimal() and int(text) < len(values):
            return int(text)
        raise self.wrong(item.id, f"“{text}” is no answer. Write 0 to {len(values) - 1}, or leave it blank")

    def _rating(self, column: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0.0 <= value <= SCALE_TOP:
            raise self.wrong(column, f"“{text}” is not a rating. Write a number from 0 to 10, or leave it blank")
        return value + 0.0  # −0 becomes 0

    def _missing(self, column: str, remedy: str) -> str:
        raise self.wrong(column, f"this cell is blank; {remedy}")

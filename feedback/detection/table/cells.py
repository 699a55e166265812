"""Cells of a table given to `feedback detect`, read one by one; what is wrong is named with its remedy."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.scoring import SCALE_TOP

MOST_SHOWN = 40

NOTHING = frozenset({"NaN", "nan", "NA", "N/A", "<NA>", "None", "null", "NULL"})
"""What pandas, R and databases write for a cell that is not there."""

MOST_FORMS = 1_000_000_000
LAST_SESSION = 9_999
"""A higher number is a date or an instant, written as a number."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,30})?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]{1,20}),([0-9]{1,2}|[0-9]{4,30})")
"""Not three digits: those could be thousands."""


def _number(text: str) -> float | None:
    """Read a number as spreadsheets and pandas write it: in digits 0 to 9, without exponent or grouping."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _whole(text: str) -> int | None:
    """Read a whole number, also as 3.0: a column with blanks becomes one of fractions in pandas."""
    value = _number(text)
    return int(value) if value is not None and value.is_integer() else None


def _quoted(text: str) -> str:
    """Return a cell fit for a message: its beginning, without what a terminal would obey."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in text[:MOST_SHOWN])
    return f"“{plain}{'…' if len(text) > MOST_SHOWN else ''}”"


def missing_column(name: str) -> DetectionInputWrong:
    """Say that a whole column is missing."""
    return DetectionInputWrong(
        f"Row 1, column {name}: this column is missing. Add it to the header; a blank cell means not answered."
    )


class Cells:
    """One row of the table. Every method may raise `DetectionInputWrong`."""

    def __init__(
        self, number: int, record: Mapping[str, str], instrument: Instrument, *, decimal_comma: bool = False
    ) -> None:
        self.number = number
        self._record = record
        self._instrument = instrument
        self._decimal_comma = decimal_comma

    def wrong(self, column: str, what: str) -> DetectionInputWrong:
        """Make the error that names this row."""
        return DetectionInputWrong(f"Row {self.number}, column {column}: {what}.")

    def text(self, column: str) -> str:
        """Return a cell without the blanks around it; blank when the row is too short or has no such column."""
        return self._record.get(column, "").strip()

    def case(self) -> str:
        """Return the name of the case."""
        return self._answer("case") or self._missing("case", "name the case of this row")

    def session(self) -> int:
        """Return the number of the therapy session, counted from 1."""
        text = self._figure("session")
        number = _whole(text)
        if number is None or not 1 <= number <= LAST_SESSION:
            remedy = f"Count from 1, up to {LAST_SESSION}"
            raise self.wrong("session", f"{_quoted(text)} is not the number of a therapy session. {remedy}")
        return number

    def day(self) -> date:
        """Return the date of the therapy session."""
        text = self.text("date")
        try:  # a time of day after it is passed over; other digits than 0 to 9 are not a date
            return datetime.fromisoformat(text if text.isascii() else "").date()
        except ValueError:
            raise self.wrong("date", f"{_quoted(text)} is not a date. Write it like 2026-03-02") from None

    def ratings(self) -> dict[str, float]:
        """Return the answered ratings by item id, 0–10."""
        found = {}
        for item in self._instrument.scales:
            text = self._figure(item.id)
            if text:
                found[item.id] = self._rating(item.id, text)
        return found

    def steps(self) -> int | None:
        """Return the number of answer steps this row states, if it does."""
        text = self._figure("steps")
        if not text:
            return None
        number = _whole(text)
        if number is None or not 2 <= number <= 101:
            raise self.wrong("steps", f"{_quoted(text)} is not a number of answer steps. Write 2 to 101")
        return number

    def direct(self) -> int | None:
        """Return the answer to the direct item as its place from 0, written as that number or as the option's value."""
        item = self._instrument.by_id.get(self._instrument.detector.direct_item or "")
        text = self._answer(item.id) if item else ""
        if item is None or not text:
            return None
        values = [option.value for option in item.options]
        if text in values:
            return values.index(text)
        number = _whole(self._figure(item.id))
        if number is not None and 0 <= number < len(values):
            return number
        raise self.wrong(item.id, f"{_quoted(text)} is no answer. Write 0 to {len(values) - 1}, or leave it blank")

    def closest(self) -> frozenset[str]:
        """Return what it was closest to, as option values; several stand with a bar between them."""
        item = self._instrument.by_id.get(self._instrument.detector.closest_item or "")
        if item is None:
            return frozenset()
        chosen = frozenset(part.strip() for part in self._answer(item.id).split("|")) - {""}
        unknown = sorted(chosen - {option.value for option in item.options})
        if unknown:
            known = ", ".join(option.value for option in item.options)
            raise self.wrong(item.id, f"{_quoted(unknown[0])} is no answer. Write {known}, with a bar between several")
        return chosen

    def _answer(self, column: str) -> str:
        """Return an answer's cell, blank also where a program wrote its word for nothing there."""
        text = self.text(column)
        return "" if text in NOTHING else text

    def _figure(self, column: str) -> str:
        """Return an answer's cell with a decimal point, also where a table with other separators has a comma for it."""
        text = self._answer(column)
        found = _DECIMAL_COMMA.fullmatch(text) if self._decimal_comma else None
        return f"{found[1]}.{found[2]}" if found else text

    def _rating(self, column: str, text: str) -> float:
        value = _number(text)
        if value is None or not 0.0 <= value <= SCALE_TOP:
            raise self.wrong(column, f"{_quoted(text)} is not a rating. Write a number from 0 to 10, or leave it blank")
        return value + 0.0  # −0 becomes 0

    def _missing(self, column: str, remedy: str) -> str:
        raise self.wrong(column, f"this cell is blank; {remedy}")

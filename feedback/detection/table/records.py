"""From the text of a CSV table to its header and rows. Every line is read, or the table is refused with its number.

Separators are commas, semicolons or tabs, as the header shows or Excel's `sep=` line says. Line ends of any system are
known. Rows that are blank altogether, as spreadsheets leave behind, are passed over.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from feedback.domain.errors import DetectionInputWrong

MOST_ROWS = 500_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 131_072
"""Characters: the bound of Python's own reader; a spreadsheet's cell holds a quarter of it."""

SEPARATORS = (",", ";", "\t")
_LINE_END = re.compile(r"\r\n?|\n")
_QUOTES = "Take it out or close it; a quote within quoted text is written twice."
_NAMED = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the line on which it begins, counted from 1, and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Records:
    """The header, the separator and the rows of a table, and `notes`: what was read in a way somebody should know."""

    header: list[str]
    separator: str
    rows: list[Record]
    notes: list[str] = field(default_factory=list)


def read_records(text: str, *, needed: Collection[str], known: Collection[str]) -> Records:
    """Read a table. `needed` are the columns that its separator is known by, `known` those that nobody may give twice.

    Raises `DetectionInputWrong` with the row and the remedy.
    """
    text = text.lstrip("\ufeff")  # spreadsheets put a mark at the start
    _check_plain(text)
    separator, skipped = _separator(text, needed)
    found = _Found(separator, known)
    for line, last_line, cells in _parsed(text, separator):
        if line > skipped and any(cell.strip() for cell in cells):
            found.take(line, last_line, cells)
    return Records(found.header, separator, found.rows, found.notes)


class _Found:
    """The rows so far."""

    def __init__(self, separator: str, known: Collection[str]) -> None:
        self.header: list[str] = []
        self.rows: list[Record] = []
        self.notes: list[str] = []
        self._separator = separator
        self._known = known

    def take(self, line: int, last_line: int, cells: list[str]) -> None:
        """Take one more row; the first one is the header."""
        if not self.header:
            self.header = [cell.strip() for cell in cells]
            self._check_header(line, last_line)
            return
        if len(self.rows) == MOST_ROWS:
            raise DetectionInputWrong(f"Row {line}: a table has at most {MOST_ROWS:,} rows. Split it, by clinic.")
        if last_line > line:
            self._check_inner_lines(line, last_line, cells)
        if any(cell.strip() for cell in cells[len(self.header) :]):
            raise DetectionInputWrong(
                f"Row {line}, column last: there are more cells than columns. Put text that holds a "
                f"{_NAMED[self._separator]} in quotes."
            )
        if len(cells) < len(self.header):
            self.notes.append(
                f"Row {line} has {len(cells)} cells for {len(self.header)} columns; the others count as not answered."
            )
        self.rows.append(Record(line, dict(zip(self.header, cells, strict=False))))

    def _check_header(self, line: int, last_line: int) -> None:
        if len(self.header) > MOST_COLUMNS:
            raise DetectionInputWrong(
                f"Row {line}: a table has at most {MOST_COLUMNS:,} columns. Leave the others out."
            )
        if last_line > line:
            raise DetectionInputWrong(f"Row {line}: a quote in the header holds a line break. Take one of them out.")
        twice = [name for name, count in Counter(self.header).items() if count > 1 and name in self._known]
        if twice:
            raise DetectionInputWrong(f"Row {line}, column {twice[0]}: this column is there twice. Keep one of them.")

    def _check_inner_lines(self, line: int, last_line: int, cells: list[str]) -> None:
        """Refuse a cell that holds what looks like rows of this table; say it of other cells of several lines."""
        place = self.header.index("session") if "session" in self.header else 0
        for at, cell in enumerate(cells):
            inner = [part.split(self._separator) for part in _LINE_END.split(cell)[1:]]
            if not inner:
                continue
            name = self.header[at] if at < len(self.header) else "last"
            if any(len(each) >= len(self.header) - 1 or _is_number(each[place : place + 1]) for each in inner):
                raise DetectionInputWrong(
                    f"Row {line}, column {name}: a quote opens here and takes the rows up to {last_line} into this "
                    f"cell. {_QUOTES}"
                )
            if name in self._known:
                raise DetectionInputWrong(f"Row {line}, column {name}: this cell holds a line break. Take it out.")
            self.notes.append(
                f"Row {line}, column {name or at + 1}: this cell runs on to row {last_line}, and was read as its text."
            )


def _parsed(text: str, separator: str) -> Iterator[tuple[int, int, list[str]]]:
    """Return each row with the lines on which it begins and ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line, cells = reader.line_num + 1, []
        try:
            cells = next(reader)
            is_read = all(len(cell) <= LONGEST_CELL for cell in cells)  # the reader's own bound is the process's
        except StopIteration:
            return
        except csv.Error:
            is_read = False
        if not is_read:
            raise DetectionInputWrong(
                f"Row {line}: a quote opens in this row and is not closed before a {_NAMED[separator]} or the end of "
                f"the row, or a cell is longer than {LONGEST_CELL:,} characters. {_QUOTES}"
            )
        yield line, reader.line_num, cells


def _separator(text: str, needed: Collection[str]) -> tuple[str, int]:
    """Return the separator under which the header has the needed columns, and how many lines stand before it."""
    lines = _LINE_END.split(text[:LONGEST_CELL])
    told = re.fullmatch(r"\"?sep=(.)\"?[,;]*", lines[0])
    if told:
        if told[1] not in SEPARATORS:
            raise DetectionInputWrong(f"Row 1: “{told[1]}” is no separator. Use a comma, a semicolon or a tab.")
        return told[1], 1
    first = next((line for line in lines if line.strip(" \t,;")), "")
    for separator in SEPARATORS:
        names = {name.strip(' "') for name in first.split(separator)}
        if names.issuperset(needed):
            return separator, 0
    return ",", 0


def _check_plain(text: str) -> None:
    """Refuse what no text of a table holds."""
    at = text.find("\0")
    if at >= 0:
        line = len(_LINE_END.findall(text[:at])) + 1
        raise DetectionInputWrong(f"Row {line}: there is a NUL character. Save the table as CSV in UTF-8.")


def _is_number(cells: list[str]) -> bool:
    return bool(cells) and bool(re.fullmatch(r"\s*[0-9]+(\.0*)?\s*", cells[0]))

"""`feedback detect`, the part that knows no files: rows of a table in, findings out.

Columns: `case, session` and one per rated item; optional `clinic, therapist, date`, the direct item (its place from 0
or its value), what it was closest to (option values, a bar between several), and `steps`, how many answer steps the
row's form had. A blank cell was not answered, nor was what has no column. A case is named by
clinic, therapist and case together, and judged from its own forms alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from feedback.detection.method import DetectionMethod
from feedback.detection.table.cells import Cells, missing_column
from feedback.detection.table.records import read_records
from feedback.detection.table.spellings import other_spellings
from feedback.detection.table.steps import steps_of
from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.domain.trajectory import ScoredForm

OTHERS = ("steps",)
KEYS = ("clinic", "therapist", "case", "session", "date")
FOUND = ("probability", "flag", "level", "expected_low", "expected_high", "value", "reasons")

CaseKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One therapy session of the table. `form` is None when nothing was answered; `number` counts lines from 1."""

    number: int
    keys: Mapping[str, str]
    day: date | None
    form: ScoredForm | None

    @property
    def case(self) -> CaseKey:
        """Name the case this row belongs to."""
        clinic, therapist, case = (
            normalize("NFC", self.keys.get(name, "")) for name in ("clinic", "therapist", "case")
        )
        return (clinic, therapist, case)

    @property
    def session(self) -> int:
        """Return the number of the therapy session."""
        return int(self.keys["session"])


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: which key columns it has, and its rows in order.

    `missing` names the instrument's items that have no column, `unused` the columns that nobody asked for, and `notes`
    what was read in a way that somebody should know.
    """

    keys: tuple[str, ...]
    rows: tuple[TableRow, ...]
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_table(lines: Iterable[str], instrument: Instrument) -> Table:
    """Read a table as CSV. Raises `DetectionInputWrong` with row, column and remedy."""
    asked = _asked(instrument)
    known = {*KEYS, *OTHERS, *asked, *_closest(instrument)}
    found = read_records("".join(lines), needed=("case", "session"), known=known)
    header = found.header
    for name in ("case", "session"):
        if name not in header:
            raise missing_column(name)
    if not any(name in header for name in asked):
        raise missing_column(asked[0])
    if not found.rows:
        raise DetectionInputWrong("Row 1: there is no row below this header. Write one row for each therapy session.")
    keys = tuple(name for name in KEYS if name in header)
    has_comma = found.separator != ","
    cells = [Cells(each.line, each.cells, instrument, decimal_comma=has_comma) for each in found.rows]
    answer_steps = steps_of(cells, instrument)
    rows = tuple(_row(cell, keys, steps) for cell, steps in zip(cells, answer_steps, strict=True))
    missing = tuple(name for name in asked if name not in header)
    unused = tuple(name for name in header if name and name not in known)
    return Table(keys, rows, missing, unused, (*found.notes, *other_spellings(row.case for row in rows)))


def _asked(instrument: Instrument) -> tuple[str, ...]:
    direct = instrument.detector.direct_item
    return (*(item.id for item in instrument.scales), *([direct] if direct else []))


def _closest(instrument: Instrument) -> tuple[str, ...]:
    return (instrument.detector.closest_item,) if instrument.detector.closest_item else ()


def _row(cells: Cells, keys: tuple[str, ...], steps: int) -> TableRow:
    session, ratings, direct = cells.session(), cells.ratings(), cells.direct()
    form = None
    if ratings or direct is not None:
        form = ScoredForm(session, ratings, direct=direct, closest=cells.closest(), steps=steps)
    named = {name: cells.text(name) for name in keys} | {"case": cells.case(), "session": str(session)}
    return TableRow(cells.number, named, cells.day() if "date" in keys else None, form)


def judge(table: Table, method: DetectionMethod) -> Iterator[tuple[TableRow, ScoredForm, Finding]]:
    """Judge every answered row from the rows before it, in order of date where there is one.

    Raises `DetectionInputWrong` when the therapy sessions of a case are not in order.
    """
    states: dict[CaseKey, bytes] = {}
    for row, form in in_turn(table):
        states[row.case], finding = method.observe(states.get(row.case), form)
        yield row, form, finding


def in_turn(table: Table) -> Iterator[tuple[TableRow, ScoredForm]]:
    """Return every answered row in order of date where there is one.

    Raises `DetectionInputWrong` when the therapy sessions of a case are not in order.
    """
    reached: dict[CaseKey, int] = {}
    for row in sorted(table.rows, key=lambda row: row.day or date.min):
        _check_order(row, reached)
        if row.form is not None:
            yield row, row.form


def _check_order(row: TableRow, reached: dict[CaseKey, int]) -> None:
    last = reached.get(row.case, 0)
    if row.session <= last:
        raise DetectionInputWrong(
            f"Row {row.number}, column session: {row.session} comes after {last} in case {row.keys['case']}. "
            "Give each therapy session once, in ascending order."
        )
    reached[row.case] = row.session

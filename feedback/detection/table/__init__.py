"""A table of answers in, findings out: what `feedback detect` does once the file is open. Start at `rows`."""

from feedback.detection.table.rows import FOUND, CaseKey, Table, TableRow, in_turn, judge, read_table

__all__ = ["FOUND", "CaseKey", "Table", "TableRow", "in_turn", "judge", "read_table"]

"""Many rows at once: the same rows as one by one, in one statement per table. For the demo and for imports."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Table, insert

from feedback.domain.care import TherapySession
from feedback.domain.response import Response
from feedback.domain.rupture import Finding
from feedback.persistence.answers.responses import KeptWith, Place, answer_rows, response_row
from feedback.persistence.cases.care import note_held
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags.findings import finding_row
from feedback.persistence.flags.flags import flag_row
from feedback.persistence.tables import (
    answers,
    findings,
    responses,
    rupture_flags,
    tenant_lookup,
    therapy_sessions,
)

_IN_ORDER = (therapy_sessions, responses, answers, findings, rupture_flags, tenant_lookup)
"""Parents before children."""


class Batch:
    """Rows of one day, collected in memory until `write`. All scores of a batch belong to that day."""

    def __init__(self, uow: UnitOfWork, held_on: date) -> None:
        self._uow, self._held_on = uow, held_on
        self._rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._met: dict[date, list[str]] = defaultdict(list)

    def add_therapy_session(self, meeting: TherapySession) -> None:
        """Collect a meeting; its number is the caller's to count."""
        self._met[meeting.held_on].append(meeting.case_code)
        self._rows[therapy_sessions].append(
            {
                "clinic_id": self._uow.clinic_id,
                "case_code": meeting.case_code,
                "number": meeting.number,
                "held_on": meeting.held_on,
            }
        )

    def add_response(self, place: Place, response: Response, kept: KeptWith) -> None:
        """Collect a shared response with its answers and the lookup of its receipt."""
        self._rows[responses].append(response_row(self._uow, place, response, kept))
        self._rows[answers] += answer_rows(self._uow, place, response)
        self._rows[tenant_lookup].append(
            {"kind": "receipt", "hash": kept.receipt_hash, "clinic_id": self._uow.clinic_id}
        )

    def add_finding(self, place: Place, finding: Finding) -> None:
        """Collect the finding for the response at a place."""
        self._rows[findings].append(finding_row(self._uow, place, finding))

    def add_flag(self, flag_id: str, place: Place, finding: Finding) -> None:
        """Collect a flag raised on the batch's day."""
        self._rows[rupture_flags].append(flag_row(self._uow, flag_id, place, finding, self._held_on))

    def write(self) -> None:
        """Write everything collected."""
        for table in _IN_ORDER:
            if self._rows[table]:
                self._uow.connection.execute(insert(table), self._rows[table])
        for day, codes in self._met.items():
            note_held(self._uow, codes, day)

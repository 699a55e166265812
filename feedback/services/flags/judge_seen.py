"""Judging a case from the answers that one reader may see, and from no others.

What the detector kept compares each answer with every one before it, also with those that were sent under a sentence
that did not name this reader. To show them a range or a reason made of those would tell them that there were some, and
how they were. Nothing of it is stored, and no flag is raised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from feedback.detection.method import DetectionMethod
from feedback.domain.instrument import Instrument
from feedback.domain.response import StoredResponse
from feedback.domain.rupture import Finding
from feedback.persistence.dashboard.overview import MeetingRow
from feedback.services.flags.run_detection import scored


def judge_seen(
    method: DetectionMethod,
    instrument: Instrument,
    rows: Sequence[MeetingRow],
    given: Mapping[int, StoredResponse],
) -> dict[int, Finding]:
    """Return, by number of the therapy session, what these answers alone say; `rows` are all sessions by date."""
    found: dict[int, Finding] = {}
    state: bytes | None = None
    for place, row in enumerate(rows, 1):
        if row.number not in given:
            continue
        stored = given[row.number]
        form = scored(stored.response, instrument, place, stored.score)
        if form.ratings or form.direct is not None:
            state, found[row.number] = method.observe(state, form)
    return found


def with_range(row: MeetingRow, finding: Finding | None) -> MeetingRow:
    """Return a therapy session's row with the usual range of such a finding."""
    if finding is None:
        return row
    return replace(
        row, expected_low=finding.expected_low, expected_high=finding.expected_high, forms=finding.forms or None
    )

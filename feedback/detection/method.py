"""What every detection method promises. Every registered one passes `tests/detection/test_contract.py`."""

from typing import Protocol

from feedback.domain.rupture import Finding
from feedback.domain.trajectory import ScoredForm


class DetectionMethod(Protocol):
    """Judges the newest form of one case from the forms before it.

    A method is built for one instrument and one alert budget (`feedback.detection.build`). It is pure and
    deterministic. Its state is opaque, versioned bytes, so that it can be kept between forms; the same forms one by
    one or from scratch give the same findings, and a later form never changes an earlier finding.
    """

    name: str
    version: str
    needs_forms: int

    def observe(self, state: bytes | None, form: ScoredForm) -> tuple[bytes, Finding]:
        """Take one more form; `state` is None at a case's first answered form."""
        ...

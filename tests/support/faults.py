"""What the fault suite measured: told at the end of a run, and kept for docs/reliability.md.

A test names the fault it stands up to, `@pytest.mark.fault("R1")`, and says what it measured through the fixture
`measured`. A run leaves that in `.cache/reliability.json`; `make reliability` takes it from there into the page.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.folders import CACHE
from tests.support.soak import IS_SOAK

LEFT_BY_RUNS = CACHE / "reliability.json"

Measured = Callable[[str, str], None]


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    """Say what a test measured of a fault: `measured("R1", "SQLite: 10,000 acknowledged, lost 0")`."""

    def say(fault: str, said: str) -> None:
        record_property("figure", f"{fault} {said}")
        record_property("fault", f"{fault} {said}")

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Leave what passing tests measured where the page finds it; a later run of the same test replaces it."""
    new = {}
    for report in terminalreporter.stats.get("passed", []):
        said = [value for name, value in report.user_properties if name == "fault"]
        if said:
            form = "full" if IS_SOAK else "short"
            day = datetime.now(UTC).date().isoformat()
            new[f"{report.nodeid} {form}"] = {"form": form, "day": day, "said": said}
    if new:
        CACHE.mkdir(exist_ok=True)
        LEFT_BY_RUNS.write_text(json.dumps(read_figures(LEFT_BY_RUNS) | new, indent=1), encoding="utf-8")


def read_figures(file: Any) -> dict[str, dict[str, Any]]:
    """Return the figures in a file, none when it is not there."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

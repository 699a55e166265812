"""Measured figures, told once more at the end of a run: whatever a test records as the property `figure`."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print every figure that a passing test recorded, in alphabetical order."""
    reports = terminalreporter.stats.get("passed", [])
    told = sorted({value for report in reports for name, value in report.user_properties if name == "figure"})
    if told:
        terminalreporter.write_sep("-", "measured")
        for figure in told:
            terminalreporter.write_line(figure)

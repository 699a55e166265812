"""What an export must say, whatever its format; and names that people could give a team."""

import math
from dataclasses import replace
from typing import Any

from feedback.domain.figures.release import Figure, Release, Unit
from feedback.exporters.cells import neutral
from tests.support.builders import QUAY, a_release

Key = tuple[str, str, str, str, float | None, float | None, float | None]


def as_rows(source: Release | list[dict[str, Any]]) -> list[Key]:
    """The figures of a release, or of a table read back: whom, what, whether, how many, between what."""
    if isinstance(source, Release):
        return [
            (
                each.unit.kind.value,
                neutral(each.unit.name),
                each.measure,
                each.status.value,
                each.value,
                each.lower95,
                each.upper95,
            )
            for each in source.figures
        ]
    numbers = ("value", "lower95", "upper95")
    return [
        (row["unit_type"], row["unit"], row["measure"], row["status"], *(_number(row[name]) for name in numbers))
        for row in source
    ]


def _named(figure: Figure) -> tuple[str, str, str, str]:
    return (figure.unit.kind.value, neutral(figure.unit.name), figure.measure, figure.status.value)


def with_names(name: str) -> Release:
    """A release of a clinic that called one of its teams this."""
    release = a_release()
    called = Unit(QUAY.kind, QUAY.id, name)
    figures = tuple(replace(each, unit=called) if each.unit == QUAY else each for each in release.figures)
    return replace(release, clinic_name=name, figures=figures)


def _number(value: Any) -> float | None:
    return None if value is None or value == "[c]" or (isinstance(value, float) and math.isnan(value)) else value

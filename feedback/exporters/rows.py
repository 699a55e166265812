"""A release as rows: the one table that CSV, XLSX and Parquet share."""

from collections.abc import Iterator
from dataclasses import dataclass

from feedback.domain.figures.release import Figure, FigureStatus, Release
from feedback.exporters.about import rule_version
from feedback.exporters.cells import neutral
from feedback.exporters.codebook import label


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, in the order of `codebook.COLUMNS`. A number is None where none is given."""

    period: str
    unit_type: str
    unit: str
    measure: str
    value: float | None
    status: FigureStatus
    lower95: float | None
    upper95: float | None
    rule_version: str
    unit_id: str
    label: str

    @property
    def cells(self) -> tuple[str | float | None, ...]:
        """Return the row's cells, the status as its code."""
        return tuple(getattr(self, name) for name in self.__slots__)


def rows(release: Release) -> Iterator[Row]:
    """Return the figures as rows, in their published order, names that people gave made harmless in a spreadsheet."""
    return (_row(release, figure) for figure in release.figures)


def _row(release: Release, figure: Figure) -> Row:
    return Row(
        period=str(release.period),
        unit_type=figure.unit.kind.value,
        unit=neutral(figure.unit.name),
        measure=figure.measure,
        value=figure.value,
        status=figure.status,
        lower95=figure.lower95,
        upper95=figure.upper95,
        rule_version=rule_version(release.rule),
        unit_id=figure.unit.id,
        label=label(figure.measure),
    )

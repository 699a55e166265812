"""How many answer steps the forms of a table had: as its `steps` column says, else as its ratings show."""

from collections.abc import Iterable, Sequence

from feedback.detection.table.cells import Cells
from feedback.domain.instrument import Instrument

COMMON = (5, 7, 11)
FINEST = 101

ROUNDED = 0.02
"""Ratings written with two decimals, such as 1.67 of seven steps, still lie on their step."""


def fits(ratings: Iterable[float], steps: int) -> bool:
    """Return whether all ratings lie on so many equal steps from 0 to 10."""
    return all(abs(at - round(at)) * 10 / (steps - 1) <= ROUNDED for at in (r / 10 * (steps - 1) for r in ratings))


def steps_of(rows: Sequence[Cells], instrument: Instrument) -> list[int]:
    """Return the answer steps of each row.

    Without a `steps` cell: the instrument's own if every rating of the table fits, else the coarsest usual number
    that all of them fit, else row by row. Raises `DetectionInputWrong` for ratings that lie on no steps at all.
    """
    own = instrument.scales[0].points if instrument.scales else 11
    stated = [row.steps() for row in rows]
    ratings = [list(row.ratings().values()) for row in rows]
    unstated = {rating for said, given in zip(stated, ratings, strict=True) if said is None for rating in given}
    shared = next((steps for steps in (own, *COMMON) if fits(unstated, steps)), None)
    return [said or shared or _by_itself(row, own) for row, said in zip(rows, stated, strict=True)]


def _by_itself(row: Cells, own: int) -> int:
    given = row.ratings()
    for steps in (own, *COMMON, FINEST):
        if fits(given.values(), steps):
            return steps
    item = next(item for item, rating in given.items() if not fits([rating], FINEST))
    raise row.wrong(item, f"“{given[item]}” lies on no answer step. Round it to one decimal")

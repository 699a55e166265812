"""One form as a method reads it: what was answered, turned so that lower is always worse."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.domain.instrument import Instrument
from feedback.domain.scoring import SCALE_TOP, score
from feedback.domain.trajectory import ScoredForm


@dataclass(frozen=True, slots=True)
class Reading:
    """The answered part of a form. Ratings are on 0–10, `given` as marked; `direct` is 0 (no) to 1 (clearest yes).

    `value` is the instrument's score, None when too few items were answered; `mean` is over whatever was.
    """

    session: int
    steps: int
    given: Mapping[str, float]
    ratings: Mapping[str, float]
    value: float | None
    mean: float | None
    place: int | None
    direct: float | None
    closest: tuple[str, ...]

    @property
    def clear_yes(self) -> bool:
        """True for the last answer of the direct item: always listed, whatever the budget."""
        return self.direct is not None and self.direct >= 1.0

    @property
    def says_nothing(self) -> bool:
        """True when nothing a method could use was answered."""
        return not self.ratings and self.place is None


class Reader:
    """Reads forms of one instrument. Answers to items the instrument does not have are passed over."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.scale_ids = tuple(item.id for item in instrument.scales)
        self.reverse = frozenset[str]().union(*(rule.reverse for rule in instrument.scores))
        direct = instrument.by_id.get(instrument.detector.direct_item or "")
        self.last_place = len(direct.options) - 1 if direct else 0
        closest = instrument.by_id.get(instrument.detector.closest_item or "")
        self.closest_order = tuple(option.value for option in closest.options) if closest else ()

    def read(self, form: ScoredForm) -> Reading:
        """Read one form, items in the instrument's order."""
        given = {item: float(form.ratings[item]) for item in self.scale_ids if item in form.ratings}
        ratings = {item: SCALE_TOP - value if item in self.reverse else value for item, value in given.items()}
        place = min(form.direct, self.last_place) if form.direct is not None and self.last_place > 0 else None
        return Reading(
            session=form.session,
            steps=form.steps,
            given=given,
            ratings=ratings,
            value=form.score if form.score is not None else self._score(given),
            mean=sum(ratings.values()) / len(ratings) if ratings else None,
            place=place,
            direct=None if place is None else place / self.last_place,
            closest=tuple(value for value in self.closest_order if value in form.closest),
        )

    def _score(self, given: Mapping[str, float]) -> float | None:
        return score(self.instrument.total, given) if self.instrument.scores else None

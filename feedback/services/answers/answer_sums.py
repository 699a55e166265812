"""Sums over what the instruments of a clinic ask, shared and unseen answers alike. A bucket for one period."""

from collections import Counter
from collections.abc import Iterable, Mapping

from feedback import instruments
from feedback.domain.errors import NotFound
from feedback.domain.figures import measures
from feedback.domain.figures.protect import NOBODY, Answered
from feedback.domain.instrument import Instrument
from feedback.domain.scoring import score
from feedback.domain.unseen import UnseenAnswer


class AnswerSums:
    """Everything asked is named from the start, so that what nobody answered is a sum like any other."""

    def __init__(self, asked: Iterable[Instrument]) -> None:
        self._asked = {each.id: each for each in asked}
        self._items = {
            measures.item_mean(each.id, item.id): NOBODY for each in self._asked.values() for item in each.scales
        }
        self._off: Counter[str] = Counter(
            {measures.off_option(value): 0 for each in self._asked.values() for value in _options(each)}
        )
        self._offered = 0
        self.score = NOBODY

    @property
    def items(self) -> Mapping[str, Answered]:
        """Give how many rated each item, and the sums, by measure."""
        return self._items

    @property
    def off(self) -> Mapping[str, int]:
        """Give how often each answer to the direct item was chosen, and how often none, by measure."""
        if not self._off:
            return {}
        return {**self._off, measures.off_option(measures.UNANSWERED): self._offered - self._off.total()}

    def add_responses(self, instrument_id: str, count: int, scores: Answered) -> None:
        """Take in responses, with the scores of those that have one."""
        self.score = self.score.plus(scores)
        instrument = self._find(instrument_id)
        if instrument is not None and instrument.detector.direct_item:
            self._offered += count

    def add_answers(self, instrument_id: str, item_id: str, choice: str, rated: Answered) -> None:
        """Take in answers to one item: ratings, or so many times one choice."""
        instrument = self._find(instrument_id)
        if instrument is None:
            return
        measure = measures.item_mean(instrument.id, item_id)
        if measure in self._items and not choice:
            self._items[measure] = self._items[measure].plus(rated)
        if item_id == instrument.detector.direct_item and measures.off_option(choice) in self._off:
            self._off[measures.off_option(choice)] += rated.count

    def add_unseen(self, response: UnseenAnswer) -> None:
        """Take in one answer that the therapist does not see."""
        instrument = self._find(response.instrument_id)
        if instrument is None:
            return
        ratings = {item: rating for item, rating in response.ratings.items() if rating is not None}
        value = score(instrument.total, ratings)
        self.add_responses(instrument.id, 1, NOBODY if value is None else Answered.one(value))
        for item, rating in ratings.items():
            self.add_answers(instrument.id, item, "", Answered.one(rating))
        if response.direct and instrument.detector.direct_item:
            self.add_answers(instrument.id, instrument.detector.direct_item, response.direct, Answered(1, 0))

    def _find(self, instrument_id: str) -> Instrument | None:
        """Give the instrument that a form counts for: itself, or the one whose easier version it is."""
        if instrument_id in self._asked:
            return self._asked[instrument_id]
        try:
            return self._asked.get(instruments.load(instrument_id).easier_of)
        except NotFound:
            return None


def _options(instrument: Instrument) -> list[str]:
    direct = instrument.detector.direct_item
    return [option.value for option in instrument.by_id[direct].options] if direct else []

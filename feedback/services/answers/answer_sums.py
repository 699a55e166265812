"""What the instruments of a clinic ask, as figures count it, and answers brought into that form."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from feedback import instruments
from feedback.domain.figures import measures
from feedback.domain.figures.contribution import Answer, Questionnaire, rank_options, tenths
from feedback.domain.instrument import Instrument
from feedback.domain.scoring import score


class AskedItems:
    """Everything asked is named from the start, so that what nobody answered is a sum like any other."""

    def __init__(self, asked: Iterable[Instrument]) -> None:
        self._asked = {each.id: each for each in asked}
        self.questionnaires = {each.id: _questionnaire(each) for each in self._asked.values()}
        self.ranking = rank_options(self.questionnaires.values())

    @property
    def items(self) -> Mapping[str, tuple[str, ...]]:
        """Return the measures of the items of each instrument."""
        return {each.id: tuple(each.items.values()) for each in self.questionnaires.values()}

    @property
    def off(self) -> tuple[str, ...]:
        """Return the measures of the options of the direct items; none where no instrument has one."""
        return (*self.ranking, measures.off_option(measures.UNANSWERED)) if self.ranking else ()

    @cached_property
    def counts_for(self) -> dict[str, Questionnaire]:
        """Return by instrument id what its answers count for: itself, or the one whose easier version it is."""
        easier = {
            name: self.questionnaires[base]
            for name, language in instruments.known()
            if name not in self.questionnaires
            for base in [instruments.load(name, language).easier_of]
            if base in self.questionnaires
        }
        return self.questionnaires | easier

    @property
    def direct_items(self) -> dict[str, str]:
        """Return the direct item by instrument id, easier versions included; what has none is left out."""
        found = {name: self._asked[each.id].detector.direct_item for name, each in self.counts_for.items()}
        return {name: item for name, item in found.items() if item}

    def answer(
        self, instrument_id: str, ratings: Mapping[str, float | None], direct: str | None, value: float | None = None
    ) -> Answer | None:
        """Return an answer as figures see it, or nothing for an instrument that no case is asked with.

        `value` is its score where that is known already.
        """
        questionnaire = self.counts_for.get(instrument_id)
        if questionnaire is None:
            return None
        rated = {item: rating for item, rating in ratings.items() if rating is not None}
        scored = score(self._asked[questionnaire.id].total, rated) if value is None else value
        whole = {item: tenths(rating) for item, rating in rated.items()}
        return Answer(questionnaire, None if scored is None else tenths(scored), whole, direct)


def _questionnaire(instrument: Instrument) -> Questionnaire:
    direct = instrument.detector.direct_item
    return Questionnaire(
        id=instrument.id,
        items={item.id: measures.item_mean(instrument.id, item.id) for item in instrument.scales},
        reverse=frozenset(instrument.total.reverse),
        options=tuple(option.value for option in instrument.by_id[direct].options) if direct else (),
    )

"""The names of what is counted, and where a flag stands when its quarter is drawn."""

import pytest

from feedback.domain.figures import measures
from feedback.domain.figures.measures import RepairState, repair_state
from feedback.domain.rupture import FlagStatus
from tests.support.builders import a_release


def test_every_measure_is_a_mean_or_a_count_and_has_words_of_its_own_or_of_an_instrument():
    for period in ("2026-09", "2026-Q3"):
        for figure in a_release(period).figures:
            of_instrument = measures.family(figure.measure) in {"mean", "off"}
            assert of_instrument or measures.WORDS[figure.measure]
            assert measures.is_mean(figure.measure) == ("mean" in figure.measure)


def test_names_are_made_of_a_family_and_a_member():
    assert measures.item_mean("rapport-session", "heard") == "clients_mean:rapport-session:heard"
    assert measures.off_option(measures.UNANSWERED) in measures.WORDS
    assert {measures.repair_count(state) for state in RepairState} <= set(measures.WORDS)


@pytest.mark.parametrize(
    ("status", "open_case", "ended_case"),
    [
        (FlagStatus.NEW, RepairState.OPEN, RepairState.ENDED),
        (FlagStatus.TALK_PLANNED, RepairState.OPEN, RepairState.ENDED),
        (FlagStatus.TALKED, RepairState.OPEN, RepairState.ENDED),
        (FlagStatus.MORE_TO_DO, RepairState.MORE_TO_DO, RepairState.ENDED),
        (FlagStatus.SETTLED, RepairState.SETTLED, RepairState.SETTLED),
        (FlagStatus.NOT_WANTED, None, None),
        (FlagStatus.NOT_A_RUPTURE, None, None),
    ],
)
def test_a_flag_stands_where_its_mark_and_its_case_say(status, open_case, ended_case):
    assert repair_state(status, case_is_open=True) is open_case
    assert repair_state(status, case_is_open=False) is ended_case

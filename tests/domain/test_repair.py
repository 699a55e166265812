"""Whether a repair held."""

from feedback.domain.repair import ClientWord, LaterForm, RepairOutcome, repair_outcome

LOW = LaterForm(value=5.0, expected=8.0, spread=1.0)
BACK = LaterForm(value=7.6, expected=8.0, spread=1.0)


def word(said, form=LOW):
    return LaterForm(form.value, form.expected, form.spread, form.direct, said)


def outcome(*later, case_is_open=True):
    return repair_outcome(later, case_is_open=case_is_open)


def test_nothing_is_known_before_the_next_form():
    assert outcome() is RepairOutcome.OPEN


def test_back_in_range_is_half_a_predictive_sd_below_the_mean_or_higher():
    assert outcome(LaterForm(7.5, 8.0, 1.0)) is RepairOutcome.REPAIRED
    assert outcome(LaterForm(7.49, 8.0, 1.0)) is RepairOutcome.OPEN


def test_a_return_with_a_new_yes_is_no_return():
    assert outcome(LaterForm(9.0, 8.0, 1.0, direct=3)) is RepairOutcome.OPEN


def test_only_the_next_three_answered_forms_are_watched_for_a_return():
    assert outcome(LOW, LOW, BACK) is RepairOutcome.REPAIRED
    assert outcome(LOW, LOW, LOW, BACK) is RepairOutcome.STILL_OPEN


def test_the_clients_own_word_that_it_helped_is_enough():
    assert outcome(word(ClientWord.HELPED)) is RepairOutcome.REPAIRED


def test_the_clients_word_that_it_is_not_settled_outweighs_a_number():
    assert outcome(word(ClientWord.NOT_SETTLED, BACK)) is RepairOutcome.TALKED_NOT_SETTLED


def test_a_later_word_counts_more_than_an_earlier_one():
    assert outcome(word(ClientWord.NOT_SETTLED), word(ClientWord.HELPED)) is RepairOutcome.REPAIRED


def test_wishing_to_talk_is_not_having_talked():
    assert outcome(word(ClientWord.WOULD_LIKE)) is RepairOutcome.OPEN


def test_a_case_that_closes_first_ended_while_open():
    assert outcome(LOW, case_is_open=False) is RepairOutcome.ENDED_WHILE_OPEN


def test_a_form_without_a_score_shows_no_return():
    assert outcome(LaterForm(None, 8.0, 1.0)) is RepairOutcome.OPEN

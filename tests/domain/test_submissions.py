"""Which unseen answers count: one for each place, none where sends contradict each other or the therapist has one."""

from dataclasses import replace
from datetime import date

import pytest

from feedback.domain.figures.submissions import Meetings, Submission, count_submissions

DAY = date(2026, 3, 2)
SENT = Submission("K7Q2X", "A", 1, DAY, "rapport-session", 1, {"heard": 3.0, "plan": None}, "yes", "f1")
NOWHERE = Meetings({}, {})


def counted(*sent, numbers=None, shared=()):
    return count_submissions(sent, Meetings(numbers or {}, dict.fromkeys(shared, "f1")))


def test_what_is_sealed_is_read_back():
    assert Submission.from_sealed(SENT.to_sealed()) == SENT


def test_ratings_are_sealed_to_a_thousandth_of_a_point_however_many_steps_a_scale_has():
    ratings = {f"of_{steps}": step / (steps - 1) * 10 for steps in range(2, 102) for step in range(steps)}
    back = Submission.from_sealed(replace(SENT, ratings=ratings).to_sealed()).ratings
    assert all(abs(back[item] - value) <= 0.0005 for item, value in ratings.items())


def test_what_was_sealed_in_points_says_the_same_as_what_is_sealed_now():
    seventh = replace(SENT, ratings={"heard": 2 / 3 * 10}, form="")
    former = seventh.to_sealed() | {"ratings": {"heard": 2 / 3 * 10}}
    del former["form"]
    assert Submission.from_sealed(former) == Submission.from_sealed(seventh.to_sealed())
    assert counted(Submission.from_sealed(former), Submission.from_sealed(seventh.to_sealed())).contested == 0


def test_one_send_counts_with_what_is_promised_and_nothing_more():
    found = counted(SENT)
    (answer,) = found.answers
    assert (answer.case_code, answer.seat, answer.month) == ("K7Q2X", "A", "2026-03")
    assert (answer.ratings, answer.direct, found.contested) == (SENT.ratings, "yes", 0)


def test_sends_that_agree_count_once():
    found = counted(SENT, SENT, replace(SENT, ratings={"plan": None, "heard": 3.0}))
    assert (len(found.answers), found.contested) == (1, 0)


@pytest.mark.parametrize(
    "other",
    [{"ratings": {"heard": 4.0, "plan": None}}, {"direct": None}, {"instrument_id": "rapport-session-easy"}],
)
def test_sends_that_contradict_each_other_leave_nothing_and_one_contested_client(other):
    found = counted(SENT, replace(SENT, **other), replace(SENT, session_number=2, held_on=date(2026, 3, 9)))
    assert ([answer.month for answer in found.answers], found.contested) == (["2026-03"], 1)


def test_a_client_is_contested_once_however_many_sessions_are():
    other = replace(SENT, direct="no")
    again, against = (replace(each, session_number=2) for each in (SENT, other))
    assert counted(SENT, other, again, against).contested == 1


@pytest.mark.parametrize("other", [{"seat": "B"}, {"case_code": "K7Q3X"}, {"session_number": 2}])
def test_other_places_are_no_contradiction(other):
    found = counted(SENT, replace(SENT, direct="no", **other))
    assert (len(found.answers), found.contested) == (2, 0)


def test_nothing_counts_where_the_therapist_has_an_answer():
    found = counted(SENT, replace(SENT, direct="no"), shared=[("K7Q2X", 1, "A")])
    assert (found.answers, found.contested) == ((), 0), "the very form that was shared afterwards"
    assert len(counted(SENT, shared=[("K7Q2X", 1, "B"), ("K7Q3X", 1, "A")]).answers) == 1


def test_an_unseen_answer_where_another_form_was_shared_is_contested():
    """Else whoever holds the link could erase what a client sent unseen by sending to the therapist, and not show."""
    planted = {("K7Q2X", 1, "A"): "f2"}
    found = count_submissions([SENT, replace(SENT, session_number=2)], Meetings({}, planted))
    assert (len(found.answers), found.contested) == (1, 1)
    unknown = count_submissions([replace(SENT, form="")], Meetings({}, planted))
    assert (unknown.answers, unknown.contested) == ((), 0), "sealed by a version that named no form"


def test_a_card_used_before_its_session_was_entered_is_about_that_session():
    early = replace(SENT, session_number=None)
    assert len(counted(early, SENT, numbers={("K7Q2X", DAY): (1,)}).answers) == 1
    assert counted(early, replace(SENT, direct="no"), numbers={("K7Q2X", DAY): (2, 1)}).contested == 1
    assert counted(early, numbers={("K7Q2X", DAY): (1,)}, shared=[("K7Q2X", 1, "A")]).answers == ()
    assert len(counted(early, replace(early, held_on=date(2026, 3, 3), direct="no")).answers) == 2


def test_what_version_0_1_sealed_counts_each_for_itself():
    former = {"clinic": "c", "month": "2026-02", "instrument": "rapport-session", "version": 1, "steps": 11}
    former |= {"ratings": {"heard": 3.0}, "direct": "no"}
    sent = [Submission.from_sealed(former | {"receipt": receipt}) for receipt in ("aa", "bb")]
    found = count_submissions(sent, NOWHERE)
    assert [answer.month for answer in found.answers] == ["2026-02", "2026-02"]

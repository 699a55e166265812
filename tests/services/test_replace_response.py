"""The same form sent again: the new answers stand as if only they had been sent, in every table, on both databases."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import instruments
from feedback.domain.audience import Audience
from feedback.domain.errors import AnswerStands, AnswerTakenBack, NonceRefused
from feedback.domain.rupture import FlagStatus
from feedback.domain.who_reads import WHO_READS_VERSION
from feedback.persistence.answers import changes, responses
from feedback.persistence.answers.taken_back import forget_taken_back, note_taken_back
from feedback.persistence.base import metadata
from feedback.persistence.clinic import clinics
from feedback.persistence.dashboard import read_receipts
from feedback.persistence.flags import findings, flags
from feedback.persistence.tables import taken_back
from feedback.security.receipts import make_nonce, receipt_hash
from feedback.services.answers.comments import read_comment
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, found_to_send, meets_and_sends, sends
from tests.support.builders import SIX, a_clinic, a_response, a_therapist
from tests.support.world import World

MARKERS = {"changed_answers", "erasures", "unmarked_changes"}
"""What tells of a first answer: the marker for who may have read it, and that its bytes are to be erased."""

DRAWN = {"clinic_id", "id", "flag_id", "chain", "sealed_comment", "mark"}
"""Columns that hold what is drawn or sealed anew each time."""


def a_nonce(world, code):
    it = world.installation
    return make_nonce(it.keyring, it.chance, code.token, WHO_READS_VERSION)


def send(world, code, response, nonce):
    """Send a form with this nonce; gives the receipt."""
    it = world.installation
    with world.writing() as uow:
        sending = Sending(code.token, nonce, response)
        form = found_to_send(uow, world, sending)
        instrument = instruments.load("rapport-session")
        return submit_response(
            uow, it.keyring, it.chance, form=form, sending=sending, instrument=instrument, journal=it.journal
        )


def rated(ratings=GOOD, comment="", **choices):
    """A response with ratings, no more than were given, and what was chosen."""
    return a_response(
        ratings={item: float(value) for item, value in zip(SIX, ratings, strict=False) if value is not None},
        choices={item: tuple(chosen.split()) for item, chosen in choices.items()},
        comment=comment,
    )


@pytest.fixture
def case(world):
    """A case with three good sessions."""
    opened = world.on("2026-02-01").opens_a_case()
    for day in ("02", "09", "16"):
        meets_and_sends(world, opened, f"2026-02-{day}", GOOD)
    return opened


@pytest.fixture
def code(world, case):
    """The code of a fourth session, on 2 March."""
    return world.shows_a_code(case, world.meets(case))


def at(case, number=4):
    return (case.code, number, "A")


def everything(world, cases):
    """Give every row of a clinic but for what is drawn anew each time, cases by their place."""
    named = {case.code: f"case {place}" for place, case in enumerate(cases)}
    told = {}
    with world.reading() as uow:
        for table in metadata.sorted_tables:
            if "clinic_id" not in table.c or table.name in MARKERS:
                continue
            drawn = DRAWN | {column.name for column in table.c if "hash" in column.name or "sealed" in column.name}
            rows = [
                {name: _plain(value, named) for name, value in row._mapping.items() if name not in drawn}
                for row in uow.connection.execute(select(table).where(table.c.clinic_id == world.clinic.id))
            ]
            told[table.name] = sorted(rows, key=repr)
        told["comments"] = [
            (number, read_comment(uow, world.installation.keyring, (case.code, number, "A")))
            for case in cases
            for number in sorted({row.session_number for row in responses.list_responses(uow, case.code)})
        ]
    return told


def _plain(value, named):
    if isinstance(value, float):
        return round(value, 9)
    for code, name in named.items():
        value = value.replace(code, name) if isinstance(value, str) else value
    return value


answers = st.builds(
    rated,
    st.tuples(*[st.sampled_from([None, 0, 2, 5, 7, 8, 9, 10])] * 6) | st.sampled_from([GOOD, LOW, (None,) * 6]),
    st.sampled_from(["", "Too fast.", "Thank you."]),
    off=st.sampled_from(["", "no", "not_sure", "a_little", "yes"]),
    closest=st.sampled_from(["", "judged", "judged pushed"]),
)
numbers = count(1)


def a_second_clinic(world):
    """One more clinic of the same installation, with its own Dana."""
    name = f"quay{next(numbers)}"
    there = World(world.installation, a_clinic(id=name), a_therapist())
    with there.writing() as uow:
        clinics.add_clinic(uow, there.clinic)
    there.hire(there.therapist)
    return there


def lives(world, given, replaced, *, first, after):
    """Let a clinic live through a course; at one session the `first` answer is sent, and replaced by the given one."""
    cases = []
    start = world.on("2026-01-05")
    cases.append(start.opens_a_case())
    meets_and_sends(world, cases[0], "2026-01-05", (6, 7, 6, 7, 6, 7))
    cases.append(start.opens_a_case())
    for place, response in enumerate(given):
        day = world.on(date(2026, 1, 12) + timedelta(weeks=place))
        meets_and_sends(world, cases[0], date(2026, 1, 11) + timedelta(weeks=place), (place + 3,) * 6)
        code = day.shows_a_code(cases[1], day.meets(cases[1]))
        nonce = a_nonce(day, code)
        if place == replaced:
            again = (day, code, nonce)
        if response is not None:
            send(day, code, first if place == replaced and first is not None else response, nonce)
        if first is not None and place == after:
            day, code, nonce = again
            send(day, code, given[replaced], nonce)
    return everything(world, cases)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_first_one_then_another_is_as_if_only_the_other_had_been_sent(world, data):
    given = data.draw(st.lists(answers | st.none(), min_size=2, max_size=6))
    replaced = data.draw(st.integers(0, len(given) - 1))
    given[replaced] = data.draw(answers)
    after = data.draw(st.integers(replaced, len(given) - 1))
    first = data.draw(answers)
    twice = lives(a_second_clinic(world), given, replaced, first=first, after=after)
    once = lives(a_second_clinic(world), given, replaced, first=None, after=after)
    assert twice == once


def test_score_finding_flag_and_comment_are_those_of_the_second_send(world, case, code):
    nonce = a_nonce(world, code)
    receipt = send(world, code, rated(GOOD, "Fine.", off="no"), nonce)
    assert send(world, code, rated(LOW, "Not fine.", off="yes", wish="bring_up"), nonce) == receipt
    with world.reading() as uow:
        stored = responses.list_responses(uow, case.code)[-1]
        assert stored.response.choices == {"off": ("yes",), "wish": ("bring_up",)}
        assert stored.score == pytest.approx(sum(LOW) / 6)
        assert read_comment(uow, world.installation.keyring, at(case)) == "Not fine."
        assert [flag.session_number for flag in flags.list_flags(uow, case.code)] == [4]
        assert not changes.list_changed(uow, case.code)


def test_the_same_answers_again_write_nothing(world, case, code):
    nonce = a_nonce(world, code)
    response = rated(LOW, "Too fast.", off="yes", closest="pushed judged")
    receipt = send(world, code, response, nonce)
    before = everything(world, [case])
    assert send(world, code, response, nonce) == receipt
    assert everything(world, [case]) == before
    with world.reading() as uow:
        assert not uow.connection.execute(select(metadata.tables["erasures"])).all()


def test_an_answer_that_was_opened_is_new_again_and_marked_as_changed(world, case, code):
    nonce = a_nonce(world, code)
    send(world, code, rated(GOOD, off="no"), nonce)
    with world.writing() as uow:
        read_receipts.note_receipts(uow, "dana", [at(case)], opened=True)
    send(world, code, rated(LOW, off="no"), nonce)
    with world.reading() as uow:
        assert changes.list_changed(uow, case.code) == {(4, "A")}
        assert not read_receipts.has_opened(uow, "dana", at(case))


def test_a_flag_nobody_touched_goes_when_nothing_bears_it_out(world, case, code):
    nonce = a_nonce(world, code)
    send(world, code, rated(LOW, off="yes"), nonce)
    send(world, code, rated(GOOD, off="no"), nonce)
    with world.reading() as uow:
        assert not flags.list_flags(uow, case.code)
        assert changes.list_changed(uow, case.code) == {(4, "A")}


@pytest.mark.parametrize("status", [FlagStatus.NOT_A_RUPTURE, FlagStatus.SETTLED, FlagStatus.TALKED])
def test_what_was_reviewed_stays_and_a_closed_flag_keeps_its_finding(world, case, code, status):
    it = world.installation
    nonce = a_nonce(world, code)
    send(world, code, rated(LOW, off="a_little"), nonce)
    with world.writing() as uow:
        (raised,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=raised, outcome=status, by=world.therapist, note="Mine.")
    send(world, code, rated((1, 1, 1, 1, 1, 1), off="yes"), nonce)
    with world.reading() as uow:
        (kept,) = flags.list_flags(uow, case.code)
        found = findings.list_findings(uow, case.code)[4, "A"]
        assert (kept.id, kept.status) == (raised.id, status)
        assert kept.finding == (found if kept.is_open else raised.finding)
        assert found != raised.finding
        assert changes.list_changed(uow, case.code) == {(4, "A")}


def test_a_note_alone_keeps_its_flag(world, case, code):
    it = world.installation
    nonce = a_nonce(world, code)
    send(world, code, rated(LOW, off="yes"), nonce)
    with world.writing() as uow:
        (raised,) = flags.list_flags(uow, case.code)
        review_flag(uow, it.clock, it.keyring, flag=raised, outcome=FlagStatus.NEW, by=world.therapist, note="Mine.")
    send(world, code, rated(GOOD, off="no"), nonce)
    with world.reading() as uow:
        assert [flag.id for flag in flags.list_flags(uow, case.code)] == [raised.id]


def test_sent_again_without_the_therapist_seeing_it_the_shared_one_stands(world, case, code):
    nonce = a_nonce(world, code)
    send(world, code, rated(GOOD, off="no"), nonce)
    before = everything(world, [case])
    with pytest.raises(AnswerStands) as stands:
        send(world, code, a_response(audience=Audience.TOTALS), nonce)
    assert not stands.value.has_ended
    assert everything(world, [case]) == before


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_after_its_code_has_ended_a_change_is_not_kept_and_the_same_again_is_thanked(world, case, code, how):
    it = world.installation
    nonce = a_nonce(world, code)
    receipt = send(world, code, rated(GOOD, off="no"), nonce)
    later = world if how == "revoked" else world.on("2026-03-20")
    if how == "revoked":
        with world.writing() as uow:
            revoke_access_code(
                uow, it.clock, it.keyring, journal=it.journal, case=case, code_id=code.code.id, by="dana"
            )
    before = everything(world, [case])
    with pytest.raises(AnswerStands) as stands:
        send(later, code, rated(LOW, off="yes"), nonce)
    assert stands.value.has_ended
    assert send(later, code, rated(GOOD, off="no"), nonce) == receipt
    assert everything(world, [case]) == before


@pytest.mark.parametrize("audience", list(Audience))
def test_a_form_whose_answer_was_taken_back_brings_nothing_back(world, case, code, audience):
    it = world.installation
    nonce = a_nonce(world, code)
    receipt = send(world, code, a_response(audience=audience), nonce)
    with world.writing() as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    for again in Audience:
        with pytest.raises(AnswerTakenBack):
            send(world, code, a_response(audience=again), nonce)
    fresh = a_nonce(world, code)
    assert send(world, code, rated(LOW, off="yes"), fresh) != receipt
    with world.reading() as uow:
        assert responses.place_of_receipt(uow, receipt_hash(it.keyring, receipt)) is None


def test_a_nonce_of_another_code_replaces_nothing(world, case, code):
    other = world.shows_a_code(case, world.meets(case))
    nonce = a_nonce(world, code)
    send(world, code, rated(GOOD, off="no"), nonce)
    with pytest.raises(NonceRefused):
        send(world, other, rated(LOW, off="yes"), nonce)


def test_a_card_changes_the_session_it_answered_not_the_newest(world, case):
    card = world.shows_a_code(case)
    world.meets(case)
    nonce = a_nonce(world, card)
    send(world, card, rated(GOOD, off="no"), nonce)
    later = world.on("2026-03-09")
    later.meets(case)
    sends(later, card, GOOD)
    send(later, card, rated((2, 2, 2, 2, 2, 2), off="no"), nonce)
    with world.reading() as uow:
        assert [round(row.score or 0) for row in responses.list_responses(uow, case.code)[-2:]] == [2, 8]


def test_a_receipt_taken_back_is_forgotten_with_the_journals_month(world):
    with world.writing() as uow:
        for month in ("2026-01", "2026-02"):
            note_taken_back(uow, month.encode(), month)
            note_taken_back(uow, month.encode(), month)
        forget_taken_back(uow, "2026-02")
        assert list(uow.connection.scalars(select(taken_back.c.month))) == ["2026-02"]

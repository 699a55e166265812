"""Answers sent by clients through the real service, without a browser."""

from datetime import date
from typing import Any

from feedback import instruments
from feedback.domain.audience import Audience
from feedback.domain.care import Case, TherapySession
from feedback.domain.who_reads import WHO_READS_VERSION
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.security.receipts import make_nonce
from feedback.services.answers.find_form import FoundForm, find_code, find_form
from feedback.services.answers.submit_response import Sending, submit_response
from feedback.services.codes.issue_access_code import ShownCode
from tests.support.builders import SIX, a_response
from tests.support.world import World

GOOD = (8, 8, 8, 8, 8, 8)
LOW = (6, 4, 6, 5, 5, 6)


def found_to_send(uow: UnitOfWork, world: World, sending: Sending) -> FoundForm:
    """Find a code's form as a send does: to be answered in the same unit of work, under the case's lock if shared."""
    it, is_shared = world.installation, sending.response.audience is Audience.THERAPIST
    found = find_code(uow, it.clock, it.keyring, token=sending.token, to_write=is_shared)
    return find_form(uow.within(found.clinic.id), it.keyring, found, sending.nonce)


def sends(
    world: World,
    code: ShownCode,
    ratings: tuple[float, ...] = GOOD,
    *,
    audience: Audience = Audience.THERAPIST,
    comment: str = "",
    sentence: int = WHO_READS_VERSION,
    **choices: str,
) -> str:
    """A client sends a form through a code; gives the receipt. `sentence` is who-reads as it stood on the form."""
    it = world.installation
    response = a_response(
        audience=audience,
        ratings=dict(zip(SIX, ratings, strict=False)),
        choices={"off": ("no",)} | {item: tuple(chosen.split()) for item, chosen in choices.items()},
        comment=comment,
    )
    sending = Sending(code.token, make_nonce(it.keyring, it.chance, code.token, sentence), response)
    with world.writing() as uow:
        form = found_to_send(uow, world, sending)
        return submit_response(
            uow,
            it.keyring,
            it.chance,
            form=form,
            sending=sending,
            instrument=instruments.load("rapport-session"),
            journal=it.journal,
        )


def meets_and_sends(world: World, case: Case, day: str | date, *ratings: Any, **more: Any) -> TherapySession:
    """A therapy session takes place on a day, and its client answers there and then."""
    there = world.on(day)
    meeting = there.meets(case)
    sends(there, there.shows_a_code(case, meeting), *ratings, **more)
    return meeting


def a_couple(world: World) -> Case:
    """Two people, five sessions: A answers well throughout, B's answers fell on 2 March."""
    case = world.on("2026-02-01").opens_a_case(seats=2)
    for day in ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"):
        meets_and_sends(world, case, day, GOOD)
        sends_from(world.on(day), case, "B", GOOD)
    meets_and_sends(world, case, "2026-03-02", GOOD, comment="From A alone.")
    sends_from(world, case, "B", LOW, off="yes", comment="From B alone.")
    return case


def sends_from(world: World, case: Case, seat: str, *ratings: Any, **more: Any) -> str:
    """Somebody in another seat answers after the newest therapy session."""
    with world.reading() as uow:
        meeting = care.list_therapy_sessions(uow, case.code)[-1]
    return sends(world, world.shows_a_code(case, meeting, seat), *ratings, **more)


def a_case_that_fell(world: World, **last: Any) -> Case:
    """Four good sessions in February, and a low one on 2 March; keywords are those of the last form."""
    case = world.on("2026-02-01").opens_a_case()
    for day in ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23"):
        meets_and_sends(world, case, day, GOOD)
    meets_and_sends(world, case, "2026-03-02", LOW, **last)
    return case

"""Keeping what a client sends again with the same form: it takes the place of what that form sent before.

The nonce proves that it is the same form. Everything made of the first answer follows as if only the second had been
sent; that there was a first one is kept only where somebody may have read it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from feedback.domain.audience import Audience
from feedback.domain.care import Case, Chance
from feedback.domain.errors import AccessCodeExpired, AccessCodeRevoked, AnswerStands
from feedback.domain.instrument import Instrument
from feedback.domain.response import Response, StoredResponse
from feedback.domain.scoring import score
from feedback.persistence.answers import changes, responses
from feedback.persistence.answers.responses import KeptWith, Place
from feedback.persistence.dashboard import read_receipts, told
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.persistence.flags import flags
from feedback.persistence.upkeep.erasing import ask_for_erasing
from feedback.security.keyring import Keyring
from feedback.services.answers.comments import read_comment, seal_comment
from feedback.services.flags.run_detection import judge_changed, make_judge


@dataclass(frozen=True, slots=True)
class SentAgain:
    """A response sent again by the form whose answer stands at a place, and what its receipt and key hash to."""

    case: Case
    place: Place
    response: Response
    nonce_hash: bytes
    receipt_hash: bytes


def replace_response(
    uow: UnitOfWork,
    keyring: Keyring,
    chance: Chance,
    *,
    again: SentAgain,
    instrument: Instrument,
    alert_budget: float,
    check_usable: Callable[[], None],
    journal: Journal,
    month: str,
) -> None:
    """Store a response in the place of the one the same form sent before; the same answers again change nothing.

    `check_usable` raises while the code takes no answer. The case is locked. The journal knows before the caller
    commits, so that no copy of the database can bring back what was replaced. Raises `AnswerStands` where the first one
    stays as it is: it was sent again for the totals, or its code has ended.
    """
    before = stored_at(uow, again.place)
    comment = read_comment(uow, keyring, again.place)
    if again.response.audience is not Audience.THERAPIST:
        raise AnswerStands(has_ended=False)
    if again.response.says_the_same(replace(before.response, comment=comment)):
        return
    try:
        check_usable()
    except (AccessCodeExpired, AccessCodeRevoked) as ended:
        raise AnswerStands(has_ended=True) from ended
    journal.note_replaced(
        uow.clinic_id, again.receipt_hash, digest_of(keyring, again.receipt_hash, again.response), month
    )
    may_be_read = read_receipts.was_seen(uow, again.place) or flags.flag_at(uow, again.place) is not None
    now = _put(uow, keyring, again=again, before=before, value=score(instrument.total, again.response.ratings))
    judge_changed(uow, make_judge(instrument, alert_budget, chance), again.case, now=now)
    told.drop_mark(uow, again.place)  # what was talked about was the answer before
    if may_be_read:
        changes.note_changed(uow, again.place)
        read_receipts.forget_receipts(uow, again.place)
    ask_for_erasing(uow, chance.text(16))


def digest_of(keyring: Keyring, receipt_hash: bytes, response: Response) -> bytes:
    """Return a keyed digest of what a shared response says, its comment included; another one for each receipt."""
    said = [
        (response.instrument_id, response.instrument_version),
        sorted(response.ratings.items()),
        sorted((item, sorted(chosen)) for item, chosen in response.choices.items()),
        response.comment,
    ]
    return keyring.hash("codes", "answer", receipt_hash.hex(), json.dumps(said))


def _put(
    uow: UnitOfWork, keyring: Keyring, *, again: SentAgain, before: StoredResponse, value: float | None
) -> StoredResponse:
    """Store the new answer, and let the score count for the therapist of the day on which the form was first sent."""
    counted_for = before.counted_for or again.case.therapist_id
    kept = KeptWith(
        score=value,
        sealed_comment=seal_comment(uow, keyring, again.place, again.response.comment),
        nonce_hash=again.nonce_hash,
        receipt_hash=again.receipt_hash,
        counted_for=counted_for,
    )
    responses.replace_response(uow, again.place, again.response, kept)
    return StoredResponse(*again.place, again.response, value, counted_for)


def stored_at(uow: UnitOfWork, place: Place) -> StoredResponse:
    """Return the shared response at a place, without its comment."""
    case_code, number, seat = place
    given = responses.list_responses(uow, case_code)
    return next(one for one in given if (one.session_number, one.seat) == (number, seat))

"""Taking an answer, in one transaction: code, nonce, answer, detector state, finding, flag.

Only a code whose answer the therapist can see says so. What was sent without the therapist seeing it is a sealed row
of its own that no other send reads, changes or waits for; which of such rows count is decided when figures are made
(`figures/open_submissions.py`). So nobody can find out by trying a link whether somebody else has answered.
"""

from dataclasses import dataclass, replace

from feedback.domain.audience import Audience
from feedback.domain.care import Chance, TherapySession
from feedback.domain.errors import AnswerTakenBack, NotSaved
from feedback.domain.figures.submissions import Submission
from feedback.domain.instrument import Instrument
from feedback.domain.response import Response, StoredResponse
from feedback.domain.scoring import score
from feedback.persistence import tenant_lookup
from feedback.persistence.answers import responses, sealed_submissions, withdrawals
from feedback.persistence.answers.responses import KeptWith
from feedback.persistence.answers.sealed_submissions import SealedSubmission
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.security.receipts import check_nonce, make_receipt, nonce_hash, receipt_hash, submission_id
from feedback.security.sealed_box import seal_to
from feedback.services.answers.comments import seal_comment
from feedback.services.answers.find_form import FoundForm
from feedback.services.answers.replace_response import SentAgain, replace_response
from feedback.services.flags.run_detection import judge_newest, make_judge


@dataclass(frozen=True, slots=True)
class Sending:
    """One press of a send button: through which link, with which nonce, and what was answered."""

    token: str
    nonce: str
    response: Response


def submit_response(
    uow: UnitOfWork,
    keyring: Keyring,
    chance: Chance,
    *,
    form: FoundForm,
    sending: Sending,
    instrument: Instrument,
    journal: Journal,
) -> str:
    """Keep an answer and give its receipt. The same nonce again replaces a shared answer, and gives the same receipt.

    `form` was found in this unit of work, to write where the therapist is to have it. `instrument` is the case's own;
    the response keeps the one it was given under, which may be its easier version.
    Raises `AccessCodeExpired`, `AccessCodeRevoked`, `NonceRefused`, `AlreadyShared`, `AnswerStands`, `AnswerTakenBack`,
    `NobodyReads`, `NotSaved`.
    """
    sentence = check_nonce(keyring, sending.nonce, sending.token)
    sending = replace(sending, response=replace(sending.response, who_reads_version=sentence))
    within = uow.within(form.found.clinic.id)
    receipt = make_receipt(keyring, sending.nonce)
    is_shared = sending.response.audience is Audience.THERAPIST
    form.found.check_can_be_read()
    if form.is_repeat(nonce_hash(keyring, sending.nonce)):
        _send_again(within, keyring, chance, journal, form=form, sending=sending, instrument=instrument)
        return receipt
    form.found.check_usable()
    if form.history.is_taken_back:
        raise AnswerTakenBack("This answer was taken back. Sending the same form again does not bring it back.")
    form.check_open()
    if is_shared:
        _share(within, keyring, chance, form=form, sending=sending, receipt=receipt, instrument=instrument)
    else:
        _seal(within, keyring, form=form, response=sending.response, receipt=receipt, instrument=instrument)
    return receipt


def _share(
    uow: UnitOfWork,
    keyring: Keyring,
    chance: Chance,
    *,
    form: FoundForm,
    sending: Sending,
    receipt: str,
    instrument: Instrument,
) -> None:
    found, response = form.found, sending.response
    meeting = _meeting(uow, form)
    place = (found.case.code, meeting.number, found.code.seat)
    value = score(instrument.total, response.ratings)
    hashed = receipt_hash(keyring, receipt)
    kept = KeptWith(
        score=value,
        sealed_comment=seal_comment(uow, keyring, place, response.comment),
        nonce_hash=nonce_hash(keyring, sending.nonce),
        receipt_hash=hashed,
        counted_for=found.case.therapist_id,
    )
    responses.add_response(uow, place, response, kept)
    if meeting.number in form.history.withdrawn:
        withdrawals.drop_withdrawal(uow, place)
    tenant_lookup.add_lookup(uow, "receipt", hashed)
    judge = make_judge(instrument, found.clinic.alert_budget, chance)
    meetings = form.history.meetings if form.target.number else (*form.history.meetings, meeting)
    judge_newest(uow, judge, found.case, StoredResponse(*place, response, value), meetings)


def _send_again(
    uow: UnitOfWork,
    keyring: Keyring,
    chance: Chance,
    journal: Journal,
    *,
    form: FoundForm,
    sending: Sending,
    instrument: Instrument,
) -> None:
    found, nonce = form.found, nonce_hash(keyring, sending.nonce)
    place = (found.case.code, form.sent_for(nonce), found.code.seat)
    receipt = receipt_hash(keyring, make_receipt(keyring, sending.nonce))
    again = SentAgain(found.case, place, sending.response, nonce, receipt)
    replace_response(
        uow,
        keyring,
        chance,
        again=again,
        instrument=instrument,
        alert_budget=found.clinic.alert_budget,
        check_usable=found.check_usable,
        journal=journal,
        month=f"{found.today:%Y-%m}",
    )


def _meeting(uow: UnitOfWork, form: FoundForm) -> TherapySession:
    target, case_code = form.target, form.found.case.code
    if target.number is None:
        return care.add_therapy_session(uow, case_code, target.held_on)
    return TherapySession(case_code, target.number, target.held_on)


def _seal(
    uow: UnitOfWork, keyring: Keyring, *, form: FoundForm, response: Response, receipt: str, instrument: Instrument
) -> None:
    """Seal what figures are made of, and nothing else.

    Only the row of this very form is written: nothing is read or changed that another send left behind.
    """
    key = sealed_submissions.newest_submission_key(uow)
    if key is None:
        raise NotSaved("This was not saved. Please try again later, or tell the clinic.")
    key_id, public_key = key
    direct = instrument.detector.direct_item
    content = Submission(
        case_code=form.found.case.code,
        seat=form.found.code.seat,
        session_number=form.target.number,
        held_on=form.target.held_on,
        instrument_id=response.instrument_id,
        instrument_version=response.instrument_version,
        ratings={item.id: response.ratings.get(item.id) for item in instrument.scales},
        direct=response.chosen(direct) if direct else None,
        form=receipt_hash(keyring, receipt).hex(),
    )
    row = SealedSubmission(
        id=submission_id(keyring, receipt),
        clinic_id=uow.clinic_id,
        key_id=key_id,
        sealed=seal_to(public_key, content.to_sealed()),
    )
    sealed_submissions.put_submission(uow, row)

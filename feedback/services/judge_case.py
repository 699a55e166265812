"""Keeping the detector's state, its findings and the flags of one seat of a case in step with the answers there.

A new form costs one step. A late or withdrawn one costs a rebuild from the forms that remain, which gives the same
numbers as if they had arrived in order. Anonymous answers never come here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedback import detection
from feedback.detection.method import DetectionMethod
from feedback.domain.care import Case, Chance
from feedback.domain.instrument import Instrument
from feedback.domain.response import Response, StoredResponse
from feedback.domain.rupture import Finding
from feedback.domain.trajectory import Prior, ScoredForm
from feedback.persistence import care, findings, flags, responses
from feedback.persistence.database import UnitOfWork

_made: dict[tuple[str, int, str, float], DetectionMethod] = {}


@dataclass(frozen=True, slots=True)
class Judge:
    """What judging needs: the instrument, the method made for it and the clinic's budget, chance for flag ids."""

    instrument: Instrument
    method: DetectionMethod
    chance: Chance
    today: date


def make_judge(instrument: Instrument, budget: float, chance: Chance, today: date) -> Judge:
    """Give a judge for an instrument and an alert budget (share of answered forms); methods are made once."""
    name = (instrument.id, instrument.version, instrument.language, budget)
    if name not in _made:
        _made[name] = detection.build(detection.DEFAULT, instrument, budget)
    return Judge(instrument, _made[name], chance, today)


def judge_newest(uow: UnitOfWork, judge: Judge, case: Case, stored: StoredResponse, held_on: date) -> None:
    """Judge an answer just stored; when it came late, judge again from the first one on."""
    kept = findings.get_state(uow, case.code, stored.seat)
    if kept is None:
        prior = findings.prior_before(uow, case.therapist_id, held_on)
        _judge(uow, judge, [stored], None, prior)
    elif _continues(kept.method, kept.version, judge.method) and kept.last_session < stored.session_number:
        _judge(uow, judge, [stored], kept.state, findings.prior_from_text(kept.prior))
    else:
        judge_again(uow, judge, case, stored.seat)


def judge_again(uow: UnitOfWork, judge: Judge, case: Case, seat: str) -> None:
    """Judge a seat's answers from scratch, under the prior it began with. Flags once raised are not removed here."""
    forms = [stored for stored in responses.list_responses(uow, case.code) if stored.seat == seat]
    kept = findings.get_state(uow, case.code, seat)
    findings.delete_findings(uow, case.code, seat)
    if not forms:
        findings.drop_state(uow, case.code, seat)
        return
    prior = findings.prior_from_text(kept.prior) if kept else _prior_of_first(uow, case, forms[0])
    _judge(uow, judge, forms, None, prior)


def scored(response: Response, instrument: Instrument, session: int, score: float | None) -> ScoredForm:
    """Give an answer as a detection method sees it: ratings and marks, never words."""
    hints = instrument.detector
    chosen = response.chosen(hints.direct_item) if hints.direct_item else None
    options = [option.value for option in instrument.by_id[hints.direct_item].options] if hints.direct_item else []
    closest = response.choices.get(hints.closest_item, ()) if hints.closest_item else ()
    direct = options.index(chosen) if chosen is not None else None
    return ScoredForm(session, response.ratings, direct, frozenset(closest), response.steps, score)


def _prior_of_first(uow: UnitOfWork, case: Case, first: StoredResponse) -> Prior:
    meeting = care.get_therapy_session(uow, case.code, first.session_number)
    return findings.prior_before(uow, case.therapist_id, meeting.held_on)


def _continues(method: str, version: str, present: DetectionMethod) -> bool:
    return (method, version) == (present.name, present.version)


def _judge(uow: UnitOfWork, judge: Judge, forms: Iterable[StoredResponse], state: bytes | None, prior: Prior) -> None:
    last = None
    for stored in forms:
        form = scored(stored.response, judge.instrument, stored.session_number, stored.score)
        if form.ratings or form.direct is not None:
            state, finding = judge.method.observe(state, form, prior)
            _keep(uow, judge, stored, finding)
            last = stored
    if last is not None and state is not None:
        findings.put_state(
            uow,
            last.case_code,
            last.seat,
            method=judge.method.name,
            version=judge.method.version,
            last_session=last.session_number,
            state=state,
            prior=prior,
        )


def _keep(uow: UnitOfWork, judge: Judge, stored: StoredResponse, finding: Finding) -> None:
    place = (stored.case_code, stored.session_number, stored.seat)
    findings.add_finding(uow, place, finding)
    flag = flags.flag_at(uow, place)
    if flag is not None and flag.is_open:
        flags.refresh_finding(uow, flag, finding)
    elif flag is None and finding.flag:
        flags.add_flag(uow, judge.chance.text(16), place, finding, judge.today)

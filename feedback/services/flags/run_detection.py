"""Keeping the detector's state, its findings and the flags of one seat of a case in step with the answers there.

A new form costs one step. One that comes late, is withdrawn, or follows a meeting that was added in between costs a
rebuild from the forms there are, in the order of dates, which gives the same numbers as if all had come in order.
Anonymous answers never come here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from feedback import detection
from feedback.detection.method import DetectionMethod
from feedback.domain.care import Case, Chance, TherapySession
from feedback.domain.instrument import Instrument
from feedback.domain.response import Response, StoredResponse
from feedback.domain.rupture import Finding
from feedback.domain.trajectory import ScoredForm
from feedback.persistence.answers import responses
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.persistence.flags import findings, flags

_made: dict[tuple[tuple[str, int, str, str], float], DetectionMethod] = {}


@dataclass(frozen=True, slots=True)
class Judge:
    """What judging needs: the instrument, the method made for it and the clinic's budget, chance for flag ids.

    With `may_raise` off no new flag is raised: what is long past is judged only to keep state and findings in step.
    `only` names the therapy sessions that may raise one, where the rest is judged again only to stay in step.
    """

    instrument: Instrument
    method: DetectionMethod
    chance: Chance
    may_raise: bool = True
    only: frozenset[int] | None = None

    def raises(self, session_number: int) -> bool:
        """Return whether a new flag may come of this therapy session."""
        return self.may_raise and (self.only is None or session_number in self.only)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a therapy session stands in its case: its place among all by date, from 1, and its day."""

    place: int
    held_on: date


Spots = Mapping[int, Spot]
"""The therapy sessions of a case by number. A meeting may be added late, so numbers are not an order."""


def method_for(instrument: Instrument, budget: float) -> DetectionMethod:
    """Return the method for an instrument and an alert budget (share of answered forms); each is made once."""
    name = (instrument.key, budget)
    if name not in _made:
        _made[name] = detection.build(detection.DEFAULT, instrument, budget)
    return _made[name]


def make_judge(instrument: Instrument, budget: float, chance: Chance) -> Judge:
    """Return a judge for an instrument and an alert budget (share of answered forms)."""
    return Judge(instrument, method_for(instrument, budget), chance)


def judge_newest(
    uow: UnitOfWork, judge: Judge, case: Case, stored: StoredResponse, meetings: Iterable[TherapySession]
) -> None:
    """Judge an answer just stored; when it is not the next in the order of dates, judge all again.

    `meetings` are all therapy sessions of the case.
    What is not about the session is not judged.
    """
    if not judge.instrument.is_judged:
        return
    spots = _spots(meetings)
    kept = findings.get_state(uow, case.code, stored.seat)
    if kept is None:
        _judge(uow, judge, spots, [stored])
    elif _continues(kept, judge.method, spots, stored.session_number):
        _judge(uow, judge, spots, [stored], state=kept.state)
    elif _is_of(kept, judge.method):
        judge_again(uow, judge, case, stored.seat)
    else:
        judge_again(uow, replace(judge, only=frozenset({stored.session_number})), case, stored.seat)


def judge_again(uow: UnitOfWork, judge: Judge, case: Case, seat: str) -> None:
    """Judge a seat's answers from scratch. Flags once raised are not removed here."""
    spots = _spots(care.list_therapy_sessions(uow, case.code))
    forms = _heard(judge, spots, (one for one in responses.list_responses(uow, case.code) if one.seat == seat))
    findings.delete_findings(uow, case.code, seat)
    if not forms or not judge.instrument.is_judged:
        findings.drop_state(uow, case.code, seat)
        return
    _judge(uow, judge, spots, forms)


def judge_changed(uow: UnitOfWork, judge: Judge, case: Case, *, now: StoredResponse) -> None:
    """Judge a seat anew after an answer stored there was replaced, as if only the new one had ever been sent.

    From its therapy session on, flags may be raised, and those that nothing bears out any more go, unless their
    therapist has marked or noted something. Where another version of the method judged before, that holds for this
    session alone.
    """
    spots, number = _spots(care.list_therapy_sessions(uow, case.code)), now.session_number
    kept = findings.get_state(uow, case.code, now.seat)
    later = {each for each, spot in spots.items() if spot.place >= spots[number].place}
    since = frozenset(later if kept is None or _is_of(kept, judge.method) else {number})
    judge_again(uow, replace(judge, only=since), case, now.seat)
    found = findings.list_findings(uow, case.code)
    for flag in flags.list_flags(uow, case.code):
        finding = found.get((flag.session_number, flag.seat))
        stands = finding is not None and finding.flag
        if flag.seat == now.seat and flag.session_number in since and not stands:
            flags.drop_untouched(uow, flag.id)


def scored(response: Response, instrument: Instrument, session: int, score: float | None) -> ScoredForm:
    """Return an answer as a detection method sees it: ratings and marks, never words."""
    hints = instrument.detector
    chosen = response.chosen(hints.direct_item) if hints.direct_item else None
    options = [option.value for option in instrument.by_id[hints.direct_item].options] if hints.direct_item else []
    closest = response.choices.get(hints.closest_item, ()) if hints.closest_item else ()
    direct = options.index(chosen) if chosen is not None else None
    return ScoredForm(session, response.ratings, direct, frozenset(closest), response.steps, score)


def _spots(meetings: Iterable[TherapySession]) -> Spots:
    in_order = sorted(meetings, key=lambda meeting: (meeting.held_on, meeting.number))
    return {meeting.number: Spot(place, meeting.held_on) for place, meeting in enumerate(in_order, 1)}


def _heard(judge: Judge, spots: Spots, forms: Iterable[StoredResponse]) -> list[StoredResponse]:
    """Return the forms that say anything to a method, in the order of dates; a note alone says nothing to it."""
    direct = judge.instrument.detector.direct_item
    said = (one for one in forms if one.response.ratings or (direct and one.response.chosen(direct)))
    return sorted(said, key=lambda one: spots[one.session_number].place)


def _is_of(kept: Any, present: DetectionMethod) -> bool:
    return (kept.method, kept.version) == (present.name, present.version)


def _continues(kept: Any, present: DetectionMethod, spots: Spots, number: int) -> bool:
    """Return whether a kept state ends right before this meeting, with no meeting added or moved before its end."""
    unmoved = kept.last_session in spots and spots[kept.last_session].place == kept.last_place
    return _is_of(kept, present) and unmoved and spots[number].place > kept.last_place


def _judge(
    uow: UnitOfWork,
    judge: Judge,
    spots: Spots,
    forms: Iterable[StoredResponse],
    *,
    state: bytes | None = None,
) -> None:
    last = None
    for stored in forms:
        spot = spots[stored.session_number]
        form = scored(stored.response, judge.instrument, spot.place, stored.score)
        if form.ratings or form.direct is not None:
            state, finding = judge.method.observe(state, form)
            _keep(uow, judge, stored, finding, spot.held_on)
            last = stored
    if last is not None and state is not None:
        findings.put_state(
            uow,
            last.case_code,
            last.seat,
            method=judge.method.name,
            version=judge.method.version,
            last_session=last.session_number,
            last_place=spots[last.session_number].place,
            state=state,
        )


def _keep(uow: UnitOfWork, judge: Judge, stored: StoredResponse, finding: Finding, held_on: date) -> None:
    place = (stored.case_code, stored.session_number, stored.seat)
    flag = flags.flag_at(uow, place)  # asked before anything is written, which then all goes out with the commit
    findings.add_finding(uow, place, finding)
    if flag is not None and flag.is_open:
        flags.refresh_finding(uow, flag, finding)
    elif flag is None and finding.flag and judge.raises(stored.session_number):
        flags.add_flag(uow, judge.chance.text(16), place, finding, held_on)

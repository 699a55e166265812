"""What the detector knows: a state per case and seat, a finding per response, and the sums behind priors."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from feedback.domain.rupture import Evidence, EvidenceKind, Finding, Level
from feedback.domain.trajectory import Prior
from feedback.persistence.answers.responses import Place, key
from feedback.persistence.counters import add_up, inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.ready import Ready
from feedback.persistence.tables import cases, detector_states, findings, rating_sums

_FINDING = tuple(field.name for field in fields(Finding))
_EVIDENCE = tuple(field.name for field in fields(Evidence))
_ADD = Ready(insert(findings), *findings.c.keys())
_OF_SEAT = (
    detector_states.c.clinic_id == bindparam("clinic"),
    detector_states.c.case_code == bindparam("case"),
    detector_states.c.seat == bindparam("its_seat"),
)
_STATE = Ready(select(detector_states).where(*_OF_SEAT))
_NEW_STATE = ("method", "version", "last_session", "last_place", "state")
_BY_ONE = rating_sums.c.therapist_id == bindparam("therapist")
_FORMS, _TOTAL = func.sum(rating_sums.c.forms), func.sum(rating_sums.c.total)
_SUMS = Ready(
    select(
        func.coalesce(_FORMS, 0).label("forms"),
        func.coalesce(_TOTAL, 0.0).label("total"),
        func.coalesce(_FORMS.filter(_BY_ONE), 0).label("own_forms"),
        func.coalesce(_TOTAL.filter(_BY_ONE), 0.0).label("own_total"),
    ).where(rating_sums.c.clinic_id == bindparam("clinic"), rating_sums.c.held_on < bindparam("day"))
)


@dataclass(frozen=True, slots=True)
class StateKey:
    """Whose state it is, what made it, and under which instrument."""

    case_code: str
    seat: str
    method: str
    version: str
    instrument_id: str


def finding_as_text(finding: Finding) -> str:
    """Write a finding down whole, as a flag's own copy."""
    return json.dumps(asdict(finding))


def finding_from_text(text: str) -> Finding:
    """Read a finding back."""
    raw = json.loads(text)
    return Finding(**(raw | {"level": Level(raw["level"]), "evidence": _evidence(raw["evidence"])}))


def weight_of(finding: Finding) -> tuple[float, float]:
    """Say what a finding weighs in the order of a caseload: the direct answer's place, and how far the person fell.

    That is how far today's value lies under the middle of their own usual range, in points; 0 if unknown.
    """
    direct = max((one.value or 0.0 for one in finding.evidence if one.kind is EvidenceKind.DIRECT), default=0.0)
    value, low, high = finding.value, finding.expected_low, finding.expected_high
    return direct, 0.0 if value is None or low is None or high is None else max(0.0, (low + high) / 2 - value)


def _evidence(raw: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**(one | {"kind": EvidenceKind(one["kind"])})) for one in raw)


def _finding(row: Row[Any]) -> Finding:
    plain = {name: value for name, value in row._mapping.items() if name in Finding.__dataclass_fields__}
    return Finding(**(plain | {"level": Level(row.level), "evidence": _evidence(json.loads(row.evidence))}))


def finding_row(uow: UnitOfWork, place: Place, finding: Finding) -> dict[str, Any]:
    """Give the finding for the response at a place as a row."""
    plain = {name: getattr(finding, name) for name in _FINDING}
    evidence = json.dumps([{name: getattr(one, name) for name in _EVIDENCE} for one in finding.evidence])
    return key(uow, place) | plain | {"evidence": evidence}


def add_finding(uow: UnitOfWork, place: Place, finding: Finding) -> None:
    """Store the finding for the response at a place."""
    _ADD.run(uow, **finding_row(uow, place, finding))


def delete_findings(uow: UnitOfWork, case_code: str, seat: str) -> None:
    """Delete every finding of one seat of a case, before it is judged again from scratch."""
    uow.connection.execute(
        delete(findings).where(
            findings.c.clinic_id == uow.clinic_id, findings.c.case_code == case_code, findings.c.seat == seat
        )
    )


def list_findings(uow: UnitOfWork, case_code: str) -> dict[tuple[int, str], Finding]:
    """Give a case's findings by number of the therapy session and seat."""
    rows = uow.connection.execute(
        select(findings).where(findings.c.clinic_id == uow.clinic_id, findings.c.case_code == case_code)
    )
    return {(row.session_number, row.seat): _finding(row) for row in rows}


def get_state(uow: UnitOfWork, case_code: str, seat: str) -> Any:
    """Give the detector's state of one seat, or nothing: method, version, last_session, last_place, state, prior."""
    return _STATE.first(uow, clinic=uow.clinic_id, case=case_code, its_seat=seat)


def list_state_keys(uow: UnitOfWork) -> list[StateKey]:
    """Give the keys of all the clinic's states, by case and seat, without the states."""
    kept = detector_states.c
    rows = uow.connection.execute(
        select(kept.case_code, kept.seat, kept.method, kept.version, cases.c.instrument_id)
        .join(cases, (cases.c.clinic_id == kept.clinic_id) & (cases.c.code == kept.case_code))
        .where(kept.clinic_id == uow.clinic_id)
        .order_by(kept.case_code, kept.seat)
    )
    return [StateKey(*row) for row in rows]


def put_state(
    uow: UnitOfWork,
    case_code: str,
    seat: str,
    *,
    method: str,
    version: str,
    last_session: int,
    last_place: int,
    state: bytes,
    prior: Prior,
) -> None:
    """Keep the detector's state of one seat, in place of the one before. Its first prior stays.

    `last_place` is where the last judged meeting stood among the case's meetings by date, from 1.
    """
    _putting(uow.database).run(
        uow,
        clinic_id=uow.clinic_id,
        case_code=case_code,
        seat=seat,
        method=method,
        version=version,
        last_session=last_session,
        last_place=last_place,
        state=state,
        prior=json.dumps(asdict(prior)),
    )


@cache
def _putting(database: str) -> Ready:
    row = inserting(database, detector_states)
    renewed = {name: row.excluded[name] for name in _NEW_STATE}
    place = ["clinic_id", "case_code", "seat"]
    return Ready(row.on_conflict_do_update(index_elements=place, set_=renewed), *detector_states.c.keys())


def drop_state(uow: UnitOfWork, case_code: str, seat: str) -> None:
    """Forget the detector's state of one seat."""
    uow.connection.execute(delete(detector_states).filter_by(clinic_id=uow.clinic_id, case_code=case_code, seat=seat))


def prior_from_text(text: str) -> Prior:
    """Read a kept prior back."""
    return Prior(**json.loads(text))


def add_to_sums(uow: UnitOfWork, therapist_id: str, held_on: date, score: float, forms: int = 1) -> None:
    """Count a score into the running sums, or out of them with `forms=-1`."""
    mine = {"clinic_id": uow.clinic_id, "therapist_id": therapist_id, "held_on": held_on}
    if forms > 0:
        add_up(uow, rating_sums, mine, {"forms": forms, "total": forms * score})
        return
    less = {"forms": rating_sums.c.forms + forms, "total": rating_sums.c.total + forms * score}
    uow.connection.execute(update(rating_sums).filter_by(**mine).values(**less))


def take_from_sums(uow: UnitOfWork, therapist_id: str, held_on: date, score: float) -> None:
    """Take a score out of the running sums again; where it was the day's only one, nothing is left of it."""
    add_to_sums(uow, therapist_id, held_on, score, forms=-1)
    mine = {"clinic_id": uow.clinic_id, "therapist_id": therapist_id, "held_on": held_on, "forms": 0}
    uow.connection.execute(delete(rating_sums).filter_by(**mine))


def prior_before(uow: UnitOfWork, therapist_id: str, day: date) -> Prior:
    """Give what forms of the clinic and of one therapist dated before a day say about a new case."""
    return Prior.of_sums(*sums_before(uow, therapist_id, day))


def sums_before(uow: UnitOfWork, therapist_id: str, day: date) -> tuple[tuple[int, float], tuple[int, float]]:
    """Give how many forms are dated before a day, and the total of their scores: the clinic's, one therapist's."""
    sums = _SUMS.first(uow, clinic=uow.clinic_id, day=day, therapist=therapist_id)
    return (int(sums.forms), float(sums.total)), (int(sums.own_forms), float(sums.own_total))

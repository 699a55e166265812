"""What the detector knows: a state per case and seat and a finding per response."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from feedback.domain.rupture import Evidence, EvidenceKind, Finding, Level
from feedback.persistence.answers.responses import Place, key
from feedback.persistence.counters import inserting
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import cases, detector_states, findings

_FINDING = tuple(field.name for field in fields(Finding))
_EVIDENCE = tuple(field.name for field in fields(Evidence))
_ADD = insert(findings)
_OF_SEAT = (
    detector_states.c.clinic_id == bindparam("clinic"),
    detector_states.c.case_code == bindparam("case"),
    detector_states.c.seat == bindparam("its_seat"),
)
_STATE = select(detector_states).where(*_OF_SEAT)


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
    direct = _direct(finding.evidence)
    value, low, high = finding.value, finding.expected_low, finding.expected_high
    return direct, 0.0 if value is None or low is None or high is None else max(0.0, (low + high) / 2 - value)


def direct_in(evidence: str) -> float:
    """Return the direct answer's place in evidence as it is stored beside a response."""
    return _direct(_evidence(json.loads(evidence)))


def _direct(evidence: tuple[Evidence, ...]) -> float:
    return max((one.value or 0.0 for one in evidence if one.kind is EvidenceKind.DIRECT), default=0.0)


def _evidence(raw: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**(one | {"kind": EvidenceKind(one["kind"])})) for one in raw)


def _finding(row: Row[Any]) -> Finding:
    plain = {name: value for name, value in row._mapping.items() if name in Finding.__dataclass_fields__}
    return Finding(**(plain | {"level": Level(row.level), "evidence": _evidence(json.loads(row.evidence))}))


def finding_row(uow: UnitOfWork, place: Place, finding: Finding) -> dict[str, Any]:
    """Return the finding for the response at a place as a row."""
    plain = {name: getattr(finding, name) for name in _FINDING}
    evidence = json.dumps([{name: getattr(one, name) for name in _EVIDENCE} for one in finding.evidence])
    return key(uow, place) | plain | {"evidence": evidence}


def add_finding(uow: UnitOfWork, place: Place, finding: Finding) -> None:
    """Store the finding for the response at a place."""
    uow.connection.execute(_ADD, finding_row(uow, place, finding))


def delete_findings(uow: UnitOfWork, case_code: str, seat: str) -> None:
    """Delete every finding of one seat of a case, before it is judged again from scratch."""
    uow.connection.execute(
        delete(findings).where(
            findings.c.clinic_id == uow.clinic_id, findings.c.case_code == case_code, findings.c.seat == seat
        )
    )


def list_findings(uow: UnitOfWork, case_code: str) -> dict[tuple[int, str], Finding]:
    """Return a case's findings by number of the therapy session and seat."""
    rows = uow.connection.execute(
        select(findings).where(findings.c.clinic_id == uow.clinic_id, findings.c.case_code == case_code)
    )
    return {(row.session_number, row.seat): _finding(row) for row in rows}


def get_state(uow: UnitOfWork, case_code: str, seat: str) -> Any:
    """Return the detector's state of one seat, or nothing: method, version, last_session, last_place, state."""
    return uow.connection.execute(_STATE, {"clinic": uow.clinic_id, "case": case_code, "its_seat": seat}).first()


def list_state_keys(uow: UnitOfWork) -> list[StateKey]:
    """Return the keys of all the clinic's states, by case and seat, without the states."""
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
) -> None:
    """Keep the detector's state of one seat, in place of the one before.

    `last_place` is where the last judged meeting stood among the case's meetings by date, from 1.
    """
    place = {"clinic_id": uow.clinic_id, "case_code": case_code, "seat": seat}
    renewed = {
        "method": method,
        "version": version,
        "last_session": last_session,
        "last_place": last_place,
        "state": state,
    }
    put = inserting(uow.database, detector_states).values(**place, **renewed)
    uow.connection.execute(put.on_conflict_do_update(index_elements=list(place), set_=renewed))


def drop_state(uow: UnitOfWork, case_code: str, seat: str) -> None:
    """Forget the detector's state of one seat."""
    uow.connection.execute(delete(detector_states).filter_by(clinic_id=uow.clinic_id, case_code=case_code, seat=seat))

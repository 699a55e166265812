"""Judging every case again after the detector's parameters changed, one case a transaction."""

from dataclasses import dataclass, replace

from feedback.domain.care import Chance, Clinic
from feedback.persistence.cases import care
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.flags import findings
from feedback.persistence.flags.findings import StateKey
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.flags.run_detection import Judge, judge_again, make_judge


@dataclass(frozen=True, slots=True)
class Outdated:
    """One person's state in one case, made by a method or version other than today's."""

    clinic: Clinic
    key: StateKey


def list_outdated(database: Database, chance: Chance) -> list[Outdated]:
    """Find every state that another method or version made, in all clinics."""
    with database.reading(None) as uow:
        clinics = list_clinics(uow)
    return [Outdated(clinic, key) for clinic in clinics for key in _outdated_in(database, clinic, chance)]


def judge_outdated(database: Database, chance: Chance, one: Outdated) -> None:
    """Judge one of them again, in a transaction of its own: what is left undone is found the next time.

    Open flags get their new finding; no flag is raised for what is past. An answer that came in meanwhile, and judged
    the case anew itself, is left alone.
    """
    with database.writing(one.clinic.id) as uow:
        care.lock_case(uow, one.key.case_code)
        kept = findings.get_state(uow, one.key.case_code, one.key.seat)
        if kept is not None and (kept.method, kept.version) == (one.key.method, one.key.version):
            case = care.get_case(uow, one.key.case_code)
            judge_again(uow, _judge(uow, one.clinic, case.instrument_id, chance), case, one.key.seat)


def _outdated_in(database: Database, clinic: Clinic, chance: Chance) -> list[StateKey]:
    with database.reading(clinic.id) as uow:
        return [key for key in findings.list_state_keys(uow) if not _is_current(uow, clinic, key, chance)]


def _is_current(uow: UnitOfWork, clinic: Clinic, key: StateKey, chance: Chance) -> bool:
    method = _judge(uow, clinic, key.instrument_id, chance).method
    return (key.method, key.version) == (method.name, method.version)


def _judge(uow: UnitOfWork, clinic: Clinic, instrument_id: str, chance: Chance) -> Judge:
    return replace(make_judge(find_instrument(uow, instrument_id), clinic.alert_budget, chance), may_raise=False)

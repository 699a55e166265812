"""Handing out today's codes of several cases at once, to print on one sheet before the first client comes."""

from collections.abc import Iterable

from feedback.domain.care import Case, Chance, Staff
from feedback.domain.clock import Clock
from feedback.domain.errors import Refused
from feedback.persistence.cases import care
from feedback.persistence.database import UnitOfWork
from feedback.security.keyring import Keyring
from feedback.services.codes.hand_out_code import HandedOut, hand_out

MOST_CASES = 40
"""A day's work of a clinic. More would let a mistyped list open more codes than anybody looks through."""


def hand_out_sheet(
    uow: UnitOfWork, clock: Clock, keyring: Keyring, chance: Chance, *, cases: Iterable[Case], by: Staff
) -> tuple[HandedOut, ...]:
    """Return today's code of every seat of these cases, by case code; all of them or none. Each is in the log.

    Raises `Refused` for no case or more than 40, `CaseClosed`, and `HelpNumbersMissing`.
    """
    chosen = {case.code: case for case in cases}
    if not chosen:
        raise Refused("Choose at least one case.")
    if len(chosen) > MOST_CASES:
        raise Refused(f"A sheet has at most {MOST_CASES} cases.")
    for code in sorted(chosen):
        care.lock_case(uow, code)
    return tuple(
        hand_out(uow, clock, keyring, chance, case=chosen[code], seat=seat, by=by)
        for code in sorted(chosen)
        for seat in chosen[code].places
    )

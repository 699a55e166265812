"""Who is large enough for figures of their own, judged on the register of cases and never on answers.

So whether a figure exists tells nothing about what anybody answered, or whether they did.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedback.domain.figures.release import GateReason

FEWEST_CASES = 20
FEWEST_THERAPISTS = 3


@dataclass(frozen=True, slots=True)
class OpenCases:
    """How many cases of one therapist were open when the period began, and the team they count for, if any."""

    therapist_id: str
    team_id: str | None
    count: int


def judge_gate(register: Iterable[OpenCases]) -> GateReason | None:
    """Say why a unit gets no figures of its own, or nothing when it does.

    It needs 20 open cases and 3 therapists who have any, none of them with more than half of the cases.
    """
    cases = [each.count for each in register if each.count > 0]
    if sum(cases) < FEWEST_CASES:
        return GateReason.FEW_CASES
    if len(cases) < FEWEST_THERAPISTS:
        return GateReason.FEW_THERAPISTS
    return GateReason.ONE_THERAPIST if 2 * max(cases) > sum(cases) else None


def by_team(register: Iterable[OpenCases]) -> Mapping[str | None, tuple[OpenCases, ...]]:
    """Return the register team by team; under None those who are in no team."""
    found: dict[str | None, tuple[OpenCases, ...]] = defaultdict(tuple)
    for each in register:
        found[each.team_id] += (each,)
    return found

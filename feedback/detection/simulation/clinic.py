"""Whole simulated clinics, for benchmarks and for calibrating the methods."""

from dataclasses import dataclass

import numpy as np

from feedback.detection.simulation.case import SimulatedForm, draw_therapist, simulate_case
from feedback.detection.simulation.worlds import World


@dataclass(frozen=True, slots=True)
class SimulatedCase:
    """A case in its place. Names count from 0; they mean nothing."""

    clinic: str
    therapist: str
    case: str
    forms: tuple[SimulatedForm, ...]


def simulate_clinics(
    rng: np.random.Generator, world: World, *, clinics: int = 8, therapists: int = 8, cases: int = 25
) -> tuple[SimulatedCase, ...]:
    """Draw clinics of the world, `therapists` in each and `cases` for each of these, one case after the other.

    In a world of one clinic the same therapists all work there.
    """
    drawn = []
    for number in range(clinics * therapists):
        clinic = 0 if world.one_clinic else number // therapists
        therapist = draw_therapist(rng)
        openness = world.openness_sd * float(rng.standard_normal())
        for case in range(cases):
            forms = simulate_case(rng, world, therapist=therapist, openness=openness)
            drawn.append(SimulatedCase(str(clinic), str(number), str(case), forms))
    return tuple(drawn)

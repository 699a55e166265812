"""Simulated clients, built from published figures (`published`): for the demo, the benchmarks and the tests.

    rng = np.random.default_rng(7)
    therapist = draw_therapist(rng)
    forms = simulate_case(rng, WORLDS["base"], therapist=therapist, sessions=12)

gives twelve `SimulatedForm`s, one per therapy session: `answered`, `ratings` by item id of the built-in instrument,
`off` (0–3), `closest` and `wish` as option values, `repair` (what the client would say if asked), and `truth`. The
generator is passed in: the same seed gives the same clients. `simulate_clinics` draws whole clinics. A case takes
about a quarter of a millisecond. No comment is ever invented.
"""

from feedback.detection.simulation.case import SimulatedForm, draw_therapist, simulate_case
from feedback.detection.simulation.clinic import SimulatedCase, simulate_clinics
from feedback.detection.simulation.course import Truth
from feedback.detection.simulation.worlds import WORLDS, World

__all__ = [
    "WORLDS",
    "SimulatedCase",
    "SimulatedForm",
    "Truth",
    "World",
    "draw_therapist",
    "simulate_case",
    "simulate_clinics",
]

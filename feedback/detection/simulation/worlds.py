"""The simulated worlds by name: one set of figures each, so that no method is tuned to a single one."""

from dataclasses import dataclass

from feedback.detection.simulation import published as pub


@dataclass(frozen=True, slots=True)
class World:
    """What distinguishes one world. `level` is the usual latent level before the ceiling, points on 0–10."""

    name: str
    about: str
    level: float = 9.4
    missing: float = pub.MISSING
    says_so: float = pub.SAYS_SO
    straight_liners: float = 0.0
    harmless_dips: float = 0.0
    steps: int = 11


WORLDS = {
    world.name: world
    for world in (
        World("base", "27 % of forms all at the top, 28 % of forms missing"),
        World("mild-ceiling", "about 14 % of forms at the top", level=8.6),
        World("severe-ceiling", "about 45 % of forms at the top", level=10.2),
        World("half-missing", "half of the forms missing", missing=0.5),
        World("straight-liners", "30 % of clients answer the top on everything", level=8.6, straight_liners=0.3),
        World("clients-hide-it", "in a rupture only 15 % say so", says_so=0.15),
        World("five-points", "five answer steps", steps=5),
        World("harmless-dips", "single answers fall for harmless reasons", harmless_dips=0.03),
    )
}

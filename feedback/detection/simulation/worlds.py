"""The simulated worlds by name: one set of figures each, so that no method is tuned to a single one."""

from dataclasses import dataclass

from feedback.detection.simulation import published as pub

BUILT_IN = (
    ("heard", "bond"),
    ("safe", "bond"),
    ("goals", "aims"),
    ("approach", "aims"),
    ("pace", "aims"),
    ("respect", "identity"),
)
"""The rated items of the built-in instrument and what each is about."""


@dataclass(frozen=True, slots=True)
class World:
    """What distinguishes one world. `level` is the usual latent level before the ceiling, points on 0–10.

    `says_for_nothing`, `noise`, `depth` and `length` are multiples of the figures in `published`; `openness_sd` is how
    much therapists' clients differ in saying that something is off, in logarithms of odds. `items` are the ids of the
    rated items with their groups; an item of no group asks about everything. `astray` is the share of answers to *What
    was it closest to?* that fit nothing; `noise_differs` is how much people differ in how much their answers vary, in
    logarithms; `memory` is what one session's wobble leaves to the next; `halved` is the share of people who use only
    every other answer step. No number of a method was set in a world that is `aside`.
    """

    name: str
    about: str
    level: float = 9.2
    missing: float = pub.MISSING
    says_so: float = pub.SAYS_SO
    says_for_nothing: float = 1.0
    openness_sd: float = 0.0
    straight_liners: float = 0.0
    harmless_dips: float = 0.0
    heavy_tails: bool = False
    scrambled: bool = False
    noise: float = 1.0
    depth: float = 1.0
    length: float = 1.0
    one_clinic: bool = False
    astray: float = pub.ASTRAY
    noise_differs: float = 0.0
    memory: float = pub.WOBBLE_MEMORY
    halved: float = 0.0
    aside: bool = False
    steps: int = 11
    items: tuple[tuple[str, str], ...] = BUILT_IN


_ALL = (
    World("base", "27 % of forms all at the top, 28 % of forms missing"),
    World("mild-ceiling", "about 14 % of forms at the top", level=8.3),
    World("severe-ceiling", "about 45 % of forms at the top", level=10.3),
    World("half-missing", "half of the forms missing", missing=0.5),
    World("straight-liners", "30 % of clients answer the top on everything", level=8.6, straight_liners=0.3),
    World("clients-hide-it", "in a rupture only 15 % say so", says_so=0.15),
    World("say-yes-often", "three times as many say so when nothing is the matter", says_for_nothing=3.0),
    World("openness-differs", "therapists' clients differ in how readily they say so", openness_sd=1.0),
    World("harmless-dips", "single answers fall for harmless reasons", harmless_dips=0.03),
    World("heavy-tails", "now and then an answer lies far off for no reason", heavy_tails=True),
    World("noisy", "answers vary half as much again", noise=1.5),
    World("steady", "answers vary little", noise=0.6),
    World("shallow", "ruptures are a third shallower", depth=0.67),
    World("scrambled", "the items that fall together have nothing to do with their groups", scrambled=True),
    World("long-treatments", "two and a half times as many therapy sessions", length=2.5),
    World("one-clinic", "everybody works in one clinic", one_clinic=True),
    World("five-points", "five answer steps", steps=5),
    World("seven-points", "seven answer steps", steps=7),
    World("fine-scale", "101 answer steps", steps=101),
    World("closest-astray", "what it was closest to is ticked as it comes", astray=1.0, aside=True),
    World("people-differ", "some people's answers vary much, others' little", noise_differs=0.4, aside=True),
    World("moods", "a good or bad day leaves much to the next session", memory=0.7, aside=True),
    World("every-other-step", "half of the people use only every other answer step", halved=0.5, aside=True),
)

WORLDS = {world.name: world for world in _ALL}

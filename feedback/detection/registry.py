"""The register of detection methods: the built-in ones, and any installed under `feedback.detection_methods`.

An entry point's object is called with the instrument and the alert budget and gives a `DetectionMethod`.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from feedback.detection.calibration import check_budget
from feedback.detection.method import DetectionMethod
from feedback.detection.methods.control_chart import ControlChart
from feedback.detection.methods.cusum import Cusum
from feedback.detection.methods.cutoff import CutOff
from feedback.detection.methods.direct import Direct
from feedback.detection.methods.drop import Drop
from feedback.detection.methods.ewma import Ewma
from feedback.detection.methods.pooled import Pooled
from feedback.detection.switching.filter import Switching
from feedback.detection.switching.tuned import Tuned
from feedback.domain.errors import DetectionMethodUnknown, Refused
from feedback.domain.instrument import Instrument

GROUP = "feedback.detection_methods"
DEFAULT = "switching"
DEFAULT_BUDGET = 0.08

Maker = Callable[[Instrument, float], DetectionMethod]

BUILT_IN: Mapping[str, Maker] = {
    method.name: method for method in (Switching, Pooled, ControlChart, Ewma, Cusum, Drop, CutOff, Direct)
}


def names() -> tuple[str, ...]:
    """List every method by name, the built-in ones first. A built-in name cannot be taken by another."""
    return (*BUILT_IN, *sorted({point.name for point in entry_points(group=GROUP)} - set(BUILT_IN)))


def build(
    name: str, instrument: Instrument, budget: float = DEFAULT_BUDGET, *, tuned: Tuned | None = None
) -> DetectionMethod:
    """Make a method ready for an instrument; `budget` is the share of answered forms that may be flagged.

    `tuned` are a clinic's own parameters, for `switching` alone. Raises `DetectionMethodUnknown`, and `Refused` for a
    budget outside 5–12 % or parameters of another method.
    """
    check_budget(budget)
    if tuned is not None:
        if name != Switching.name:
            raise Refused(f"Parameters are fitted for {Switching.name} alone. Leave them out, or choose that method.")
        return Switching(instrument, budget, tuned)
    if name in BUILT_IN:
        return BUILT_IN[name](instrument, budget)
    for point in entry_points(group=GROUP, name=name):
        made: DetectionMethod = point.load()(instrument, budget)
        return made
    raise DetectionMethodUnknown(f"There is no detection method “{name}”. Choose one of: {', '.join(names())}.")

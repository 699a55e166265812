"""The parameters that a `switching` filter runs with: the frozen ones, or those fitted to a clinic's own answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from feedback.detection import parameters as par
from feedback.detection.calibration import Calibration, needed
from feedback.detection.parameters import Switching
from feedback.domain.errors import DetectorParametersWrong
from feedback.domain.instrument import Instrument

FORMAT = "rapport-detector-parameters-1"

BOUNDS: Mapping[str, tuple[float, float]] = {
    "start_mean": (4.0, 12.0),
    "start_sd": (0.4, 3.5),
    "walk_variance": (0.005, 0.6),
    "wobble_sd": (0.2, 2.0),
    "item_sd": (0.3, 2.5),
}
"""What may be fitted, and within which bounds, in points on 0–10. What a rupture does is never fitted to answers:
they do not say which of them were one."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """Numbers of the filter, what its output means, and a `mark` that tells fitted ones from the frozen ones."""

    numbers: Switching
    calibration: Calibration
    mark: str = ""
    instrument: str = ""

    def as_text(self, **about: object) -> str:
        """Write fitted parameters as a file. `about` says what they were made from."""
        fitted = {name: round(getattr(self.numbers, name), 6) for name in BOUNDS}
        limits = {str(at): round(limit, 4) for at, limit in self.calibration.limits.items()}
        plain = {"format": FORMAT, "instrument": self.instrument, "about": about, "numbers": fitted, "limits": limits}
        return json.dumps(plain, indent=2) + "\n"


def frozen(instrument: Instrument) -> Tuned:
    """Return the parameters that ship for an instrument, or for instruments of its shape."""
    return Tuned(par.SWITCHING, needed("switching", instrument))


def tuned(instrument: Instrument, numbers: Mapping[str, Any], limits: Mapping[int, float]) -> Tuned:
    """Put a clinic's own numbers and limits in place of the frozen ones. The mark is made from what differs."""
    start = frozen(instrument)
    calibration = replace(start.calibration, limits=dict(limits))
    made = replace(par.SWITCHING, **numbers)
    plain = json.dumps([asdict(made), sorted(limits.items())], sort_keys=True)
    return Tuned(made, calibration, "+" + sha256(plain.encode()).hexdigest()[:8], instrument.id)


def read_tuned(text: str, instrument: Instrument, named: str) -> Tuned:
    """Read a file of fitted parameters. Raises `DetectorParametersWrong` with the file, the place and the remedy."""
    try:
        plain = json.loads(text)
    except ValueError as error:
        raise DetectorParametersWrong(f"{named} is not JSON. Write it with: feedback detect --fit.") from error
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise DetectorParametersWrong(f"{named} holds no detector parameters. Write them with: feedback detect --fit.")
    if plain.get("instrument") != instrument.id:
        said = plain.get("instrument")
        raise DetectorParametersWrong(f"{named} was fitted to “{said}”, not to “{instrument.id}”. Fit it anew.")
    numbers = {name: _number(plain, "numbers", name, bounds, named) for name, bounds in BOUNDS.items()}
    shipped = frozen(instrument).calibration.limits
    limits = {at: _number(plain, "limits", str(at), (0.0, 1.0), named) for at in shipped}
    if sorted(limits.values(), reverse=True) != [limits[at] for at in sorted(limits)]:
        raise DetectorParametersWrong(f"{named}, limits: they must not rise with the budget. Fit it anew.")
    return tuned(instrument, numbers, limits)


def _number(plain: Mapping[str, Any], place: str, name: str, bounds: tuple[float, float], named: str) -> float:
    table = plain.get(place)
    value = table.get(name) if isinstance(table, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not bounds[0] <= value <= bounds[1]:
        low, high = bounds
        raise DetectorParametersWrong(f"{named}, {place}, {name}: this must be a number from {low:g} to {high:g}.")
    return float(value)

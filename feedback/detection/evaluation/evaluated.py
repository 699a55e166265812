"""What comes of running methods over worlds, gathered for the report."""

from collections.abc import Mapping

import numpy as np

from feedback.detection.evaluation import report
from feedback.detection.evaluation.run import Outcome, run
from feedback.detection.evaluation.scoring import Scores, Tenth, roc, score, tenths
from feedback.detection.evaluation.worlds import JudgedWorld, KnownTruth
from feedback.detection.method import DetectionMethod
from feedback.detection.simulation import WORLDS
from feedback.domain.errors import Refused

BEGIN, END = "<!-- begin: feedback evaluate -->", "<!-- end: feedback evaluate -->"
LEADING = "switching"


class Evaluated:
    """Outcomes by world and method. Add them one by one, then ask for text, curves or rows."""

    def __init__(self, methods: Mapping[str, DetectionMethod]) -> None:
        self._methods = methods
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        self._truths: dict[str, KnownTruth] = {}
        self.scores: dict[tuple[str, str], Scores] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Name the worlds there are."""
        return tuple(self._truths)

    @property
    def forms(self) -> int:
        """Count the answered forms of all worlds."""
        first = next(iter(self._methods))
        return sum(int(self._outcomes[world, first].answered.sum()) for world in self._truths)

    def add(self, world: JudgedWorld, method: str) -> None:
        """Run one method over one world."""
        outcome = run(world, self._methods[method])
        self._outcomes[world.name, method] = outcome
        self._truths[world.name] = world.truth
        self.scores[world.name, method] = score(outcome, world.truth)

    def tenths(self) -> dict[str, tuple[Tenth, ...]]:
        """Return the calibration of every method over all worlds together."""
        return {name: self._tenths_of(name, self.names) for name in self._methods}

    def curves(self) -> dict[str, list[tuple[float, float]]]:
        """Return the ROC curve of every method: the mean over the worlds."""
        made = {}
        for name in self._methods:
            drawn = [roc(self._outcomes[world, name], truth) for world, truth in self._truths.items()]
            across, upwards = drawn[0][0], np.mean([curve for _, curve in drawn], axis=0)
            made[name] = [(float(x), float(y)) for x, y in zip(across, upwards, strict=True)]
        return made

    def text(self) -> str:
        """Write the tables as Markdown, which a terminal shows as well."""
        parts = [f"**Mean of {len(self.names)} worlds, {self.forms} answered forms**", report.mean_table(self.scores)]
        aside = {place: each for place, each in self.scores.items() if place[0] in WORLDS and WORLDS[place[0]].aside}
        if aside:
            count = len({world for world, _ in aside})
            parts += [f"**Of these the {count} worlds in which no number was ever set**", report.mean_table(aside)]
        leading = LEADING if LEADING in self._methods else next(iter(self._methods))
        parts += [f"**Calibration of `{leading}`, all worlds together**", report.tenths_table(self.tenths()[leading])]
        parts += ["**World by world, 8 % of forms flagged**", report.world_table(self.scores)]
        behind = report.lags(self.scores, leading)
        if behind:
            said = ", ".join(f"{world} (`{rule}`, by {gap:.3f})" for world, rule, gap in behind)
            parts.append(f"`{leading}` catches less than the best published rule in: {said}.")
        return "\n\n".join(parts)

    def _tenths_of(self, method: str, worlds: tuple[str, ...]) -> tuple[Tenth, ...]:
        return tenths([self._outcomes[world, method] for world in worlds], [self._truths[world] for world in worlds])


def in_document(document: str, text: str) -> str:
    """Put the text between the document's two marks. Raises `Refused` when it has none."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Refused(f"This document has no place for the tables: mark it with {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"

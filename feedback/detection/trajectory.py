"""One case in one call: a list of ratings in, what was found out. No database, no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.detection.explain import reasons
from feedback.detection.method import DetectionMethod
from feedback.domain.errors import DetectionInputWrong
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.domain.scoring import SCALE_TOP
from feedback.domain.trajectory import ScoredForm


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one therapy session, and the reasons in words."""

    session: int
    finding: Finding
    reasons: tuple[str, ...]


def judge_ratings(
    method: DetectionMethod,
    instrument: Instrument,
    ratings: Sequence[Mapping[str, float | None] | None],
    *,
    direct: Sequence[int | None] = (),
) -> tuple[Judged, ...]:
    """Judge one case's therapy sessions in order, each from those before it.

    `ratings` has one entry per therapy session: ratings on 0–10 by item id, None for one that was not answered; None
    in place of the whole for a session without a form. `direct` has the place of the direct answer (0 for *no*) for
    each. Raises `DetectionInputWrong` with the session, the item and the remedy.
    """
    if direct and len(direct) != len(ratings):
        raise DetectionInputWrong(
            f"There are {len(ratings)} sessions and {len(direct)} direct answers. Give one for each."
        )
    known = {item.id: item.points for item in instrument.scales}
    state: bytes | None = None
    judged = []
    for number, marked in enumerate(ratings, start=1):
        answered = {item: rating for item, rating in (marked or {}).items() if rating is not None}
        for item, rating in answered.items():
            _check(number, item, rating, known)
        said = direct[number - 1] if direct else None
        if not answered and said is None:
            continue
        form = ScoredForm(number, answered, direct=said, steps=max(known.values(), default=11))
        state, finding = method.observe(state, form)
        judged.append(Judged(number, finding, reasons(finding, instrument)))
    return tuple(judged)


def _check(number: int, item: str, rating: float, known: Mapping[str, int]) -> None:
    if item not in known:
        raise DetectionInputWrong(f"Session {number}, {item}: no rated item has this name. Use {', '.join(known)}.")
    if not 0.0 <= rating <= SCALE_TOP:
        raise DetectionInputWrong(f"Session {number}, {item}: {rating} is not a rating. Give 0 to 10, or None.")

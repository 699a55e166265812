"""Instruments and trajectories made by hand for the tests of detection."""

from hypothesis import strategies as st

from feedback.domain.instrument import (
    Cutoff,
    DetectorHints,
    Instrument,
    Item,
    ItemKind,
    Licence,
    ResponseOption,
    ScoreRule,
)
from feedback.domain.rupture import Finding
from feedback.domain.trajectory import ScoredForm

GROUPS = ("bond", "aims", "identity", "")
CLOSEST = ("pushed", "judged", "something_else", "of_our_own")


def an_instrument(*, scales=6, points=11, direct=("no", "not_sure", "a_little", "yes"), cutoffs=()) -> Instrument:
    """An instrument with so many scales, in four groups in turn."""
    items = tuple(
        Item(f"q{n}", ItemKind.SCALE, f"Question {n}?", short=f"thing {n}", points=points, group=GROUPS[n % 4])
        for n in range(scales)
    )
    asked = Item("off", ItemKind.CHOICE, "Did anything feel off?", options=tuple(ResponseOption(v, v) for v in direct))
    closest = Item(
        "closest",
        ItemKind.MULTICHOICE,
        "Closest to?",
        options=tuple(ResponseOption(v, v) for v in CLOSEST),
    )
    rule = ScoreRule(
        "total", tuple(i.id for i in items), "mean", 0, 100, min_answered=(scales * 2 + 2) // 3, cutoffs=cutoffs
    )
    return Instrument(
        id="made",
        version=1,
        language="en",
        title="Made",
        intro="",
        licence=Licence("none", "", "", may_ship=True, needs_permission=False),
        citation="",
        recall_period="today",
        items=(*items, *((asked, closest) if direct else ())),
        scores=(rule,),
        detector=DetectorHints(direct_item="off", closest_item="closest") if direct else DetectorHints(),
    )


def below(value: float) -> tuple[Cutoff, ...]:
    """A published threshold on the total, 0–100."""
    return (Cutoff(value, "below", "a paper"),)


def forms_of(*scores: float, scales=6) -> list[ScoredForm]:
    """One form per score, every item answered with it, in consecutive therapy sessions."""
    return [ScoredForm(n, {f"q{i}": score for i in range(scales)}) for n, score in enumerate(scores, start=1)]


def findings(method, forms) -> list[Finding]:
    """Every finding of a series, the state handed from form to form."""
    state, found = None, []
    for form in forms:
        state, finding = method.observe(state, form)
        found.append(finding)
    return found


INSTRUMENTS = [
    an_instrument(scales=scales, points=points, direct=direct)
    for scales, points in ((1, 11), (4, 5), (4, 101), (6, 11), (6, 7), (12, 11))
    for direct in (("no", "not_sure", "a_little", "yes"), ("no", "yes"), ())
]


@st.composite
def trajectories(draw, instrument: Instrument, *, most=7) -> list[ScoredForm]:
    """A case of up to `most` forms: sessions and items may be missing, also all of them."""
    last_place = len(instrument.by_id["off"].options) - 1 if "off" in instrument.by_id else None
    session, forms = 0, []
    for _ in range(draw(st.integers(1, most))):
        session += draw(st.integers(1, 4))
        steps = draw(st.sampled_from(sorted({5, instrument.scales[0].points})))
        around = draw(st.integers(0, steps - 1))
        ratings = {}
        for item in instrument.scales:
            place = draw(st.one_of(st.none(), st.just(around), st.integers(0, steps - 1)))
            if place is not None:
                ratings[item.id] = place * 10 / (steps - 1)
        direct = None if last_place is None else draw(st.one_of(st.none(), st.integers(0, last_place)))
        closest = draw(st.frozensets(st.sampled_from(CLOSEST))) if direct is not None else frozenset()
        forms.append(ScoredForm(session, ratings, direct=direct, closest=closest, steps=steps))
    return forms

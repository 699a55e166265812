"""Instruments of other shapes than the built-in one, and worlds in which they are filled in."""

from dataclasses import replace

from feedback.detection.calibration import Shape
from feedback.detection.simulation import World
from feedback.domain.instrument import DetectorHints, Instrument, ItemKind

SHAPES = tuple(
    Shape(items, steps, direct)
    for items, steps in ((1, 11), (1, 5), (4, 11), (4, 5), (6, 11), (6, 5), (12, 11), (12, 5))
    for direct in (True, False)
    if (items, steps, direct) != (6, 11, True)
)


def items_of(shape: Shape) -> tuple[tuple[str, str], ...]:
    """Name the items of a shape with their groups: one overall question, or bond, aims and identity in turn."""
    if shape.items == 1:
        return (("item0", ""),)
    groups = ("bond", "aims", "bond", "aims", "aims", "identity")
    return tuple((f"item{at}", groups[at % len(groups)]) for at in range(shape.items))


def world_of(shape: Shape, world: World) -> World:
    """Return a world in which clients fill in an instrument of this shape."""
    return replace(world, items=items_of(shape), steps=shape.steps)


def instrument_of(shape: Shape, form: Instrument) -> Instrument:
    """Make an instrument of a shape out of the built-in one."""
    like = form.scales[0]
    scales = tuple(replace(like, id=name, group=group, points=shape.steps) for name, group in items_of(shape))
    asked = tuple(item for item in form.items if item.kind in {ItemKind.CHOICE, ItemKind.MULTICHOICE})
    names = tuple(item.id for item in scales)
    rule = replace(form.total, items=names, min_answered=(2 * shape.items + 2) // 3)
    return replace(
        form,
        id="made",
        items=(*scales, *(asked if shape.direct else ())),
        scores=(rule,),
        detector=form.detector if shape.direct else DetectorHints(),
    )

"""The forms of which a given one is the lowered copy, so that a lower form never counts for less."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

Answers = NDArray[np.intp]

MOST_LIFTS = 20
"""With answers at 0 on a very fine scale only so many heights are tried; it would take too long otherwise."""


def raised(answers: Answers, top: int, kinds: Answers) -> Iterator[Answers]:
    """Return the answers, as steps from 0 to `top`, raised alike by one step, two steps, as far as the highest allows.

    An answer at 0 may have been lowered to it or may have been there already: both are given, for all the items of
    one kind together.
    """
    room = top - int(answers.max())
    at_zero = np.unique(kinds[answers == 0])
    stride = -(-room // MOST_LIFTS) if len(at_zero) else 1
    for stays in product((False, True), repeat=len(at_zero)):
        lifted = (answers > 0) | ~np.isin(kinds, at_zero[np.array(stays, dtype=bool)])
        if lifted.any():
            for lift in range(1, room + 1, max(stride, 1)):
                yield answers + lift * lifted

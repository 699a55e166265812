"""The forms of which a given one is the lowered copy, so that a lower form never counts for less."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from feedback.detection.reading import Reading
from feedback.domain.scoring import SCALE_TOP

MOST = 20
"""On very fine scales only every few steps is tried: between two of these a probability hardly moves."""


def raised(reading: Reading) -> Iterator[NDArray[np.intp]]:
    """Give the answers as steps from 0, then with all of them raised alike as far as the highest one allows.

    An answer at 0 may have been lowered to it or may have been there already: both are given.
    """
    top = reading.steps - 1
    answers = np.rint(np.array(list(reading.ratings.values())) / SCALE_TOP * top).astype(np.intp)
    yield answers
    stride = max(1, round(top / MOST))
    for lift in range(stride, top - int(answers.max()) + 1, stride):
        yield answers + lift
        if (answers == 0).any() and answers.max() > 0:
            yield np.where(answers == 0, 0, answers + lift)

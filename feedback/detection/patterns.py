"""What a rupture may look like on the form: depths times patterns of items, as whole steps of the level grid.

Patterns: everything a little lower (pulled back); one group of items much lower and the rest somewhat (the bond, the
aims, the person's identity). Groups come from the instrument file, the largest first. Idea: withdrawal and
confrontation ruptures, Safran & Muran (2000), *Negotiating the therapeutic alliance*.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.detection.parameters import Switching
from feedback.domain.instrument import Instrument


class Patterns(NamedTuple):
    """For each kind of rupture its weight among new ones, and by how many grid steps each scale falls.

    Scales of the same number in `kinds` fall alike in every rupture.
    """

    weights: NDArray[np.float64]
    shifts: NDArray[np.intp]
    kinds: NDArray[np.intp]


def patterns_of(instrument: Instrument, chosen: Switching) -> Patterns:
    """Lay out the kinds of rupture for an instrument's scales, in their order."""
    groups = [item.group for item in instrument.scales]
    sizes = Counter(group for group in groups if group)
    named = [group for group, size in sizes.most_common(chosen.group_patterns) if size < len(groups)]
    shares = [np.full(len(groups), chosen.even_share)]
    shares += [np.array([1.0 if at == group else chosen.outside_share for at in groups]) for group in named]
    each = (1.0 - chosen.even_weight) / len(named) if named else 0.0
    pattern_weights = [chosen.even_weight if named else 1.0, *(each for _ in named)]
    falls = [depth * share for depth in chosen.depths for share in shares]
    weights = [at_depth * of_pattern for at_depth in chosen.depth_weights for of_pattern in pattern_weights]
    shifts = np.rint(np.array(falls) / chosen.step).astype(np.intp)
    _, kinds = np.unique(shifts, axis=1, return_inverse=True)
    return Patterns(np.array(weights), shifts, kinds.reshape(-1))

"""What a rupture may look like on the form: depths times patterns of items, as whole steps of the level grid.

Patterns: everything a little lower (pulled back: it shows least) and, rarely, everything much lower; one group of items
much lower and the rest somewhat (the bond, the aims, the person's identity). Groups come from the instrument file, the
largest first; without any there are the even patterns alone. Idea: withdrawal and confrontation ruptures, Safran &
Muran (2000), *Negotiating the therapeutic alliance*.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback.detection.parameters import Switching
from feedback.domain.instrument import Instrument

EVEN = "even"
"""Names the pattern in which every item falls a little: the client pulled back."""


class Patterns(NamedTuple):
    """For each kind of rupture its weight among new ones, by how many grid steps each scale falls, and its group.

    Scales of the same number in `kinds` fall alike in every rupture.
    """

    weights: NDArray[np.float64]
    shifts: NDArray[np.intp]
    kinds: NDArray[np.intp]
    groups: tuple[str, ...]


def patterns_of(instrument: Instrument, chosen: Switching) -> Patterns:
    """Lay out the kinds of rupture for an instrument's scales, in their order."""
    groups = [item.group for item in instrument.scales]
    sizes = Counter(group for group in groups if group)
    named = [group for group, size in sizes.most_common(chosen.group_patterns) if size < len(groups)]
    evens = chosen.even_shares if named else (chosen.alone_share, 1.0)
    shares = [np.full(len(groups), share) for share in evens]
    shares += [
        np.array([chosen.struck_share if at == group else chosen.outside_share for at in groups]) for group in named
    ]
    even = sum(chosen.even_weights)
    of_even = [weight if named else weight / even for weight in chosen.even_weights]
    pattern_weights = [*of_even, *((1.0 - even) / len(named) for _ in named)]
    falls = [depth * share for depth in chosen.depths for share in shares]
    weights = [at_depth * of_pattern for at_depth in chosen.depth_weights for of_pattern in pattern_weights]
    shifts = np.rint(np.array(falls) / chosen.step).astype(np.intp)
    _, kinds = np.unique(shifts, axis=1, return_inverse=True)
    return Patterns(np.array(weights), shifts, kinds.reshape(-1), (*(EVEN for _ in evens), *named) * len(chosen.depths))

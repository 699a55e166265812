"""Why: the reasons behind a finding, as data. `explain` puts them into words."""

from collections.abc import Iterator

from feedback.detection import parameters as par
from feedback.detection.case.case_state import Memory
from feedback.detection.case.reading import Reader, Reading
from feedback.domain.rupture import Evidence, EvidenceKind

FELL_BY = 1.5
"""An answer *fell* when it lies this many points under the person's own mean on it: two item deviations. A choice."""

LOW_BY = 1.0
"""The lowest answer is named when it lies this many points under the form's mean. A choice."""

NAMED_FALLS = 2
SLIDE_FROM = 3


def gather(reader: Reader, reading: Reading, memory: Memory, band: tuple[float, float]) -> tuple[Evidence, ...]:
    """List what speaks for (or, as usual, against) a possible rupture, the strongest first.

    `band` is the usual range before this form; in the first two forms it is what is usual at the start.
    """
    about_value = tuple(_value(reading, memory, band))
    about_items = tuple(_items(reading, memory, fell_anyway=bool(about_value)))
    usual: tuple[Evidence, ...] = ()
    if not about_value and not about_items and reading.value is not None:
        usual = (Evidence(EvidenceKind.AS_USUAL, value=reading.value),)
    return (*about_value, *about_items, *_slide(reading, memory), *usual, *_direct(reader, reading))


def _value(reading: Reading, memory: Memory, band: tuple[float, float]) -> Iterator[Evidence]:
    if reading.value is not None and reading.value < band[0]:
        known = memory.forms >= par.BAND_FROM_FORMS
        kind = EvidenceKind.BELOW_RANGE if known else EvidenceKind.BELOW_START
        yield Evidence(kind, value=reading.value, usual=band[0])


def _items(reading: Reading, memory: Memory, *, fell_anyway: bool) -> Iterator[Evidence]:
    falls = []
    for item, rating in reading.ratings.items():
        usual = memory.usual_of(item)
        if usual is not None and rating <= usual - FELL_BY:
            falls.append((usual - rating, item, rating, usual))
    falls.sort(key=lambda fall: -fall[0])
    for _, item, rating, usual in falls[:NAMED_FALLS]:
        yield Evidence(EvidenceKind.ITEM_FELL, item=item, value=rating, usual=usual)
    if falls or reading.mean is None or len(reading.ratings) < 2:
        return
    lowest = min(reading.ratings, key=lambda item: reading.ratings[item])
    if reading.ratings[lowest] <= reading.mean - (LOW_BY if fell_anyway else FELL_BY):
        yield Evidence(EvidenceKind.LOWEST_ITEM, item=lowest, value=reading.ratings[lowest])


def _slide(reading: Reading, memory: Memory) -> Iterator[Evidence]:
    if reading.value is None or memory.last is None or reading.value >= memory.last:
        return
    if memory.slide + 1 >= SLIDE_FROM:
        yield Evidence(EvidenceKind.SLID, value=reading.value, usual=memory.slide_from, count=memory.slide + 1)


def _direct(reader: Reader, reading: Reading) -> Iterator[Evidence]:
    hints = reader.instrument.detector
    if reading.place:
        option = reader.instrument.by_id[hints.direct_item or ""].options[reading.place].value
        yield Evidence(EvidenceKind.DIRECT, item=hints.direct_item, value=float(reading.place), option=option)
    for chosen in reading.closest:
        yield Evidence(EvidenceKind.CLOSEST, item=hints.closest_item, option=chosen)

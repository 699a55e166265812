"""The frame of the simple methods: keep a memory, judge the newest form by one rule, say why."""

from abc import ABC, abstractmethod
from typing import NamedTuple

from feedback.detection import parameters as par
from feedback.detection.calibration import needed
from feedback.detection.case.case_state import Memory
from feedback.detection.case.evidence import gather
from feedback.detection.case.reading import Reader, Reading
from feedback.domain.errors import DetectorStateUnreadable
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Evidence, Finding, Level
from feedback.domain.trajectory import ScoredForm


class Verdict(NamedTuple):
    """What a rule says: how likely a rupture is, whether its own limit is passed, and reasons of its own."""

    probability: float
    fires: bool
    evidence: tuple[Evidence, ...] = ()


def level_of(probability: float, *, flag: bool) -> Level:
    """Put a flag into the two words people see."""
    if not flag:
        return Level.NONE
    return Level.LIKELY if probability >= par.LIKELY_FROM else Level.WORTH_ASKING


def open_state(state: bytes, tag: bytes) -> bytes:
    """Take the tag of method and version off a kept state. Raises `DetectorStateUnreadable` for any other's."""
    head, _, body = state.partition(b"\n")
    if head != tag:
        raise DetectorStateUnreadable("A case's detector state is of another method or version. Rebuild it.")
    return body


class RuleMethod(ABC):
    """A detection method that needs no more than the memory of a case. Subclasses say `judge`."""

    name: str
    version = "3"
    needs_forms = 1

    def __init__(self, instrument: Instrument, budget: float) -> None:
        self.instrument = instrument
        self.reader = Reader(instrument)
        self.budget = budget
        self.calibration = needed(self.name, instrument)
        self.tag = f"{self.name}/{self.version}".encode()

    @abstractmethod
    def judge(self, reading: Reading, memory: Memory) -> Verdict:
        """Judge the newest form from what is kept of those before it."""

    def remember(self, reading: Reading, memory: Memory) -> Memory:
        """Take the newest form into what is kept. A method with a number of its own adds it here."""
        return memory.after(reading)

    def observe(self, state: bytes | None, form: ScoredForm) -> tuple[bytes, Finding]:
        """Take one more form; `state` is None at a case's first answered form."""
        memory = Memory.start() if state is None else Memory.load(open_state(state, self.tag))
        reading = self.reader.read(form)
        band = memory.band(reading.session, len(reading.ratings) or len(self.reader.scale_ids))
        verdict = self.judge(reading, memory)
        flag = (verdict.fires or reading.clear_yes) and not reading.says_nothing
        known = memory.forms >= par.BAND_FROM_FORMS
        finding = Finding(
            method=self.name,
            version=self.version,
            probability=verdict.probability,
            flag=flag,
            level=level_of(verdict.probability, flag=flag),
            forms=memory.forms + 1,
            value=reading.value,
            expected_low=band[0] if known else None,
            expected_high=band[1] if known else None,
            evidence=(*verdict.evidence, *gather(self.reader, reading, memory, band)),
        )
        return self.tag + b"\n" + self.remember(reading, memory).dump(), finding

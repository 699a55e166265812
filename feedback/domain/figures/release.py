"""What a clinic is given of a closed period: figures drawn once, from which nobody can be singled out.

Figures are published, not queried. Every page and every export reads a `Release` and nothing else.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from feedback.domain.figures.measures import is_mean
from feedback.domain.figures.period import Period


class LatticeLevel(StrEnum):
    """Which part of the lattice a figure belongs to. There is no other: no therapist, no day, no free range.

    L1 clinic and month: clients with and without a flag. L2 team and quarter: the same two. L3 clinic and quarter:
    means, what clients said felt off, what became of flags, clients with a contested answer. L4 clinic and month:
    codes handed out.
    """

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


class UnitKind(StrEnum):
    """Whom a figure is about."""

    CLINIC = "clinic"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Unit:
    """A clinic, or a team within it, under the name it had when the period was drawn."""

    kind: UnitKind
    id: str
    name: str


class FigureStatus(StrEnum):
    """Whether there is a value, and if not, why: nothing is ever left out without a word.

    `floor`: below ten after noise; its interval says how many there may be. `merged`: the team is too small, what it
    did counts in the clinic's figures only.
    `gated`: the clinic is too small, or one therapist has more than half of its cases, so no figure is made.
    """

    RELEASED = "released"
    FLOOR = "floor"
    MERGED = "merged"
    GATED = "gated"

    @property
    def words(self) -> str:
        """Say it in words that stand in the place of a number; empty for a released one."""
        return _STATUS_WORDS[self]


_STATUS_WORDS = {
    FigureStatus.RELEASED: "",
    FigureStatus.FLOOR: "fewer than 10",
    FigureStatus.MERGED: "counted with the whole clinic",
    FigureStatus.GATED: "not shown, to protect clients",
}


class GateReason(StrEnum):
    """Why a unit is too small for figures of its own, judged on the register of cases and never on answers."""

    FEW_CASES = "few_cases"
    FEW_THERAPISTS = "few_therapists"
    ONE_THERAPIST = "one_therapist"

    @property
    def words(self) -> str:
        """Say it in words."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    GateReason.FEW_CASES: "fewer than 20 cases were open when the period began",
    GateReason.FEW_THERAPISTS: "fewer than 3 therapists had open cases when the period began",
    GateReason.ONE_THERAPIST: "one therapist had more than half of the open cases when the period began",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure. Its status is `released` exactly when it has a value.

    `measure` is an id of `figures.measures`. `value` is a whole multiple of the rule's rounding for counts, exact for
    codes handed out, and on 0–10 with one decimal for means. `lower95` and `upper95` bound what the count or mean was
    before noise and rounding, in 95 of 100 cases; they say nothing about chance in who answered. A figure under the
    floor has them, too, unless it was published by answers (`protect.with_intervals` gives them).
    """

    level: LatticeLevel
    unit: Unit
    measure: str
    status: FigureStatus
    value: float | None = None
    lower95: float | None = None
    upper95: float | None = None

    @property
    def words(self) -> str:
        """Say what stands in the place of a number: the interval where there is one; empty for a released figure."""
        if self.status is not FigureStatus.FLOOR or self.upper95 is None:
            return self.status.words
        return "too few clients to say" if is_mean(self.measure) else f"0 to about {self.upper95:g}"


class Part(StrEnum):
    """A part of the lattice with a privacy budget of its own, in which a client counts once.

    `month` and `team`: with and without a flag; `quarter`: the same of the whole clinic, under the strict rule.
    `score`: the two sums behind the mean score; `items`: the sums behind the means of items.
    """

    MONTH = "month"
    TEAM = "team"
    QUARTER = "quarter"
    OFF = "off"
    REPAIR = "repair"
    CONTESTED = "contested"
    SCORE = "score"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Rule:
    """How figures were protected, as printed with every export.

    `spent` is the ε of each part of the lattice, of which months are spent three times in a quarter;
    `epsilon_client_quarter` is all of it together: what bounds everything that one client adds to a quarter.
    Rules without `spent` counted answers instead: `count_scale` is their scale of noise on each count,
    `epsilon_response` the ε of one answer, and a client's ε followed from `most_per_case_month`.
    """

    name: str
    version: str
    is_strict: bool
    floor: int
    rounding: int
    epsilon_client_quarter: Fraction
    spent: tuple[tuple[Part, Fraction], ...] = ()
    count_scale: int = 0
    most_per_case_month: int = 0
    epsilon_response: Fraction = Fraction(0)

    @property
    def counts_clients(self) -> bool:
        """True where clients are counted, false where answers were."""
        return bool(self.spent)

    def epsilon(self, part: Part) -> Fraction:
        """Return the ε that one drawing of a part spends."""
        return dict(self.spent)[part]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the sentences that go with every figure."""
        if not self.counts_clients:
            below = f"below {self.floor} they are not given"
            return (
                "Figures are approximate to protect clients.",
                f"Counts are blurred, then rounded to the nearest {self.rounding}; {below}.",
                "Totals need not add up.",
                f"At most {self.most_per_case_month} responses of one case count in a month.",
            )
        return (
            "Figures are approximate to protect clients.",
            "Clients are counted, not answers: however often one answers, they count once.",
            f"Counts are blurred; below {self.floor} only the interval is given in which they lie.",
            "Totals need not add up.",
        )


@dataclass(frozen=True, slots=True)
class Release:
    """The figures of one closed month or quarter of one clinic, as they stand in the ledger for good.

    `number` is its place in the clinic's ledger, from 1; `chain` is the ledger's head at that place, as 64
    hexadecimal digits. `is_demo` marks invented data. `gated` names the units without figures of their own, and why.
    """

    clinic_id: str
    clinic_name: str
    period: Period
    closed_on: date
    rule: Rule
    figures: tuple[Figure, ...]
    number: int
    chain: str
    is_demo: bool = False
    gated: tuple[tuple[Unit, GateReason], ...] = ()

    def of(self, level: LatticeLevel, unit: Unit | None = None) -> tuple[Figure, ...]:
        """Return the figures of one level, in their published order; of one unit only when it is named."""
        return tuple(each for each in self.figures if each.level is level and unit in (None, each.unit))

    @property
    def teams(self) -> tuple[Unit, ...]:
        """Return the teams that figures are about, in their published order."""
        return tuple(dict.fromkeys(each.unit for each in self.figures if each.unit.kind is UnitKind.TEAM))

    @property
    def is_gated(self) -> bool:
        """True when the clinic got no figures for this period; its page says why in words."""
        return all(each.status is FigureStatus.GATED for each in self.figures)

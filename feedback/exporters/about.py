"""What is printed with every export: by which rule, how much privacy was spent, where it stands in the ledger."""

from fractions import Fraction

from feedback.domain.figures.release import Release, Rule

MEANING = (
    "A possible rupture is an invitation to be curious and often wrong. It counts for or against nobody.",
    "Low scores are not poor care, and high scores can hide strain. Teams see different people.",
    "No figure is about a therapist, and none ever will be.",
)
ERROR_BARS = (
    "lower95 and upper95 are error bars: in 95 of 100 cases the figure before noise and rounding lies between them. "
    "They say nothing about chance in who answered."
)
MARK = "[c] stands for a figure that is not given, to protect clients. It is not zero."
DEMO = "DEMO: every figure is invented."


def rule_version(rule: Rule) -> str:
    """Name a rule with its version, as every row carries it."""
    return f"{rule.name} {rule.version}"


def title(release: Release) -> str:
    """Return the title of an export."""
    return f"{release.clinic_name}, {release.period}"


def number(value: Fraction | float) -> str:
    """Write a number shortly: `2.25`, `34`, `0.8`."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


def facts(release: Release) -> tuple[tuple[str, str], ...]:
    """Return the names and values that belong to every export."""
    rule = release.rule
    of_response = ("Privacy spent, one response", f"epsilon {number(rule.epsilon_response)}")
    of_parts = ("Composed of", ", ".join(f"{part} {number(each)}" for part, each in rule.spent))
    return (
        ("Clinic", release.clinic_name),
        ("Period", f"{release.period}, {release.period.first_day} to {release.period.last_day}"),
        ("Closed on", str(release.closed_on)),
        ("Rule", f"{rule.name}, version {rule.version}"),
        *(() if rule.counts_clients else (of_response,)),
        ("Privacy spent, one client in a quarter", f"epsilon {number(rule.epsilon_client_quarter)}"),
        *((of_parts,) if rule.counts_clients else ()),
        ("Place in the ledger", str(release.number)),
        ("Head of the ledger", release.chain),
    )


def notes(release: Release) -> tuple[str, ...]:
    """Return the sentences that go with the figures: how they were protected, what they mean, why some are missing."""
    demo = (DEMO,) if release.is_demo else ()
    gated = tuple(f"{unit.name} has no figures of its own: {reason.words}." for unit, reason in release.gated)
    return (*demo, *release.rule.notes, ERROR_BARS, MARK, *gated, *MEANING)


def text(release: Release) -> str:
    """Write all of it as plain text."""
    lines = [title(release), "", *(f"{name}: {value}" for name, value in facts(release)), "", *notes(release), ""]
    return "\n".join(lines)

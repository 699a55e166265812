"""From answers to a score, as the instrument file says."""

from collections.abc import Mapping

from feedback.domain.instrument import ScoreRule

SCALE_TOP = 10.0


def score(rule: ScoreRule, ratings: Mapping[str, float]) -> float | None:
    """Score the answered ratings on 0–10, or give nothing when too few were answered.

    The mean of the answered items: a skipped item counts as the mean of the others (person-mean imputation), so that
    rules of method `mean` and `sum` agree on 0–10 and differ only in their published range (`in_range`). Reversed
    items count as 10 minus their rating.
    """
    answered = [
        SCALE_TOP - ratings[item] if item in rule.reverse else ratings[item] for item in rule.items if item in ratings
    ]
    if not answered or len(answered) < rule.min_answered:
        return None
    return sum(answered) / len(answered)


def in_range(rule: ScoreRule, shown: float) -> float:
    """Map a score on 0–10 to the rule's own published range, such as 0–100 or 0–40."""
    return rule.low + shown / SCALE_TOP * (rule.high - rule.low)

"""What each alert budget would mean here, from published figures alone."""

from dataclasses import dataclass

from feedback.detection.preview import BudgetPreview, preview_budgets
from feedback.domain.figures.measures import FLAGGED, NOT_FLAGGED, topic
from feedback.domain.figures.period import Period, PeriodKind
from feedback.domain.figures.release import FigureStatus, LatticeLevel, Release
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures import ledger


@dataclass(frozen=True, slots=True)
class BudgetChoices:
    """Budgets side by side. `published` is how many answer in the newest month with such figures, None before one.

    Those are clients, so many as answer when each does so once; under the rule that counted answers, answers.
    """

    period: Period | None
    published: int | None
    budgets: tuple[BudgetPreview, ...]
    are_clients: bool = True


def preview_budget(uow: UnitOfWork) -> BudgetChoices:
    """Lay out the budgets for the newest published month. Never looks at an answer: trying it out shows nothing new."""
    for entry in reversed(ledger.list_entries(uow)):
        published = _published(entry.release)
        if published is not None:
            are_clients = entry.release.rule.counts_clients
            return BudgetChoices(entry.release.period, published, preview_budgets(published), are_clients)
    return BudgetChoices(None, None, preview_budgets(0))


def _published(release: Release) -> int | None:
    if release.period.kind is not PeriodKind.MONTH:
        return None
    counted = {
        topic(figure.measure): figure.value
        for figure in release.of(LatticeLevel.L1)
        if figure.status is FigureStatus.RELEASED and figure.value is not None
    }
    both = [counted.get(FLAGGED), counted.get(NOT_FLAGGED)]
    return None if None in both else round(sum(value for value in both if value is not None))

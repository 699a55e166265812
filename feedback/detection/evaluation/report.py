"""The accuracy table: as text for a terminal and a document (one and the same), and as rows for a CSV file."""

from collections.abc import Iterable, Mapping, Sequence

from feedback.detection.evaluation.scoring import BUDGETS, Scores, Tenth, mean_of

Found = Mapping[tuple[str, str], Scores]
"""World and method → scores."""

SHOWN = 0.08
"""The budget of the table by world."""

MEAN_HEAD = (
    "| method | AUC | 1st form | forms 2–4 | 5+ | caught at 5 % | 8 % | 10 % | PPV at 5 % | 8 % | 10 % "
    "| in a rupture now, 8 % | delay |\n|---|" + "---|" * 12
)
WORLD_HEAD = "| world | method | AUC | 1st form | forms 2–4 | 5+ | caught | PPV | delay |\n|---|---|" + "---|" * 7
TENTHS_HEAD = "| probability | forms | mean given | was so | gap |\n|---|---|---|---|---|"
SIMPLE = ("cutoff", "drop", "control_chart", "ewma", "cusum", "direct")
"""The published rules, against which the others are held."""

CSV_HEAD = (
    "world",
    "method",
    "auc",
    "auc_first",
    "auc_2_to_4",
    "auc_5_on",
    *(f"{name}_{budget * 100:.0f}" for name in ("caught", "ppv", "ppv_now", "delay") for budget in BUDGETS),
)


def _numbers(values: Iterable[float], digits: int = 3) -> str:
    return " | ".join(f"{value:.{digits}f}" for value in values)


def mean_table(found: Found) -> str:
    """Return one line per method: the mean over the worlds."""
    lines = []
    for method in dict.fromkeys(name for _, name in found):
        mean = mean_of([scores for (_, name), scores in found.items() if name == method])
        aucs = _numbers((mean.auc, mean.first, mean.early, mean.later))
        caught = _numbers(mean.caught[budget] for budget in BUDGETS)
        right = _numbers((mean.right[budget] for budget in BUDGETS), 2)
        last = f"{mean.right_now[SHOWN]:.2f} | {mean.delay[SHOWN]:.2f}"
        lines.append(f"| `{method}` | {aucs} | {caught} | {right} | {last} |")
    return "\n".join([MEAN_HEAD, *lines])


def world_table(found: Found) -> str:
    """Return one line per world and method, at a budget of 8 %."""
    lines = []
    for (world, method), each in found.items():
        aucs = _numbers((each.auc, each.first, each.early, each.later))
        caught = f"{each.caught[SHOWN]:.3f} | {each.right[SHOWN]:.2f} | {each.delay[SHOWN]:.2f}"
        lines.append(f"| {world} | `{method}` | {aucs} | {caught} |")
    return "\n".join([WORLD_HEAD, *lines])


def lags(found: Found, method: str) -> list[tuple[str, str, float]]:
    """List where a method's caught share at 8 % lies under that of the best simple one: world, rule, by how much."""
    behind = []
    for world in dict.fromkeys(name for name, _ in found):
        rivals = {name: found[world, name].caught[SHOWN] for name in SIMPLE if (world, name) in found}
        if rivals and (world, method) in found:
            best = max(rivals, key=lambda name: rivals[name])
            gap = rivals[best] - found[world, method].caught[SHOWN]
            if gap > 0:
                behind.append((world, best, gap))
    return behind


def tenths_table(tenths: Sequence[Tenth]) -> str:
    """Return one line per tenth of probability that holds any forms."""
    lines = [
        f"| {each.low:.1f}–{each.low + 0.1:.1f} | {each.count} | {each.given:.3f} | {each.was:.3f} | {each.gap:.3f} |"
        for each in tenths
    ]
    return "\n".join([TENTHS_HEAD, *lines])


def csv_rows(found: Found) -> list[list[object]]:
    """Return the whole of it as rows below `CSV_HEAD`, four decimals each."""
    rows: list[list[object]] = []
    for (world, method), each in found.items():
        single = (each.auc, each.first, each.early, each.later)
        by_budget = [of[at] for of in (each.caught, each.right, each.right_now, each.delay) for at in BUDGETS]
        rows.append([world, method, *(f"{value:.4f}" for value in (*single, *by_budget))])
    return rows

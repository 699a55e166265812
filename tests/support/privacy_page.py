"""`docs/privacy.md`: the rule's numbers from the code, and the figures that the attack suite measured last.

`make privacy` runs the suite and keeps its figures; `make docs` writes the rest anew. A run in which a gate was missed,
or an attack not made, leaves the page as it is.
"""

import subprocess
import sys
from collections.abc import Sequence

from feedback.domain.figures.attack import threats
from feedback.domain.figures.gate import FEWEST_CASES, FEWEST_THERAPISTS
from feedback.domain.figures.period import GRACE
from feedback.domain.figures.release import Rule
from feedback.domain.figures.rule import FLOOR, MOST_PER_CASE_MONTH, ROUNDING, STRICT, USUAL
from feedback.domain.retention import COMMENTS, COPIES, EXPIRED_CODES
from tests.support.folders import ROOT

PAGE = ROOT / "docs/privacy.md"
SUITE = ("tests/attacks/test_figures.py", "tests/attacks/test_frozen.py", "tests/attacks/test_two_years.py")
MEASURED_HEAD = "## What the attack suite measured\n"
ATTACKS = tuple(f"A{number}:" for number in range(1, 9))
CONTROLS = ("noise", "floor", "freezing", "gate")
"""What A9 switches off, each in turn."""


class GateMissed(Exception):
    """The figures of a run are not fit to be published; the message says why."""


TEXT = """\
# Privacy of figures, and how long things are kept

## Figures

A dashboard that anybody can filter gives single answers away, whatever its threshold. So figures are **published, not
queried**: each month and quarter is drawn once, {grace} days after its end, into a ledger whose lines are chained.
Every page and every export reads the ledger and nothing else. Answers that come later never count.

What is published: responses with and without a possible rupture, by clinic and month and by team and quarter; averages,
what clients said felt off, and what became of flags, by clinic and quarter; codes handed out, by clinic and month. A
year is the sum of what was published. Nothing by therapist, nothing by day, no free range.

- **Gate.** A clinic or team needs {cases} cases open when the period begins, {therapists} therapists who have any, and
  none with more than half of them. A smaller team counts with the clinic; a smaller clinic gets no figures. The gate
  looks at cases and never at answers.
- **Bound.** At most {most} shared responses of one case count in a month.
- **Noise.** Every count is blurred with discrete Laplace noise of scale {scale} (strict rule: {strict}), drawn exactly
  in whole numbers; averages are made of a blurred number and a blurred sum.
- **Floor and rounding.** Below {floor} a count is not given; others are rounded to the nearest {rounding}.
- **Ledger.** The noise is never kept. A restored database takes back what the journal knows and draws nothing anew.

## What clients send without the therapist seeing it

It enters the clinic's quarter only. Until that quarter's figures are made it is a sealed row: to a public key whose
private half the web process need not be able to read, with case, session, seat and day inside the seal alone. The row
is found by a keyed hash of the sender's own receipt and by nothing else, so no request can see, change or wait for
what another one sent, and nobody who holds a link can find out whether somebody else answered. Then all rows are
opened at once:

- where the therapist has an answer for that session, the unseen one is dropped;
- of one form sent several times, the last counts; of several forms that agree, one;
- where different forms contradict each other, none counts. How many clients that concerns is a figure of the release,
  so that somebody who plants answers to erase others' shows. To correct an unseen answer, it is taken back first.

The rows are deleted in the transaction that keeps the figures. Who holds every backup, the database, its log and all
keys but that one cannot tell which row is whose; afterwards nobody can. What can be seen is how many rows there are,
and between two nights the order in which they came.

## ε

ε, composed over everything published of one response: {epsilon}; of everything one client may add to a quarter:
{client}. Under the strict rule (`FEEDBACK_STRICT_FIGURES`, quarters of the whole clinic only): {strict_epsilon} and
{strict_client}. These are bounds, not probabilities. What an adversary can really do is below; a coin is right in 50 %.

## What the best adversary learns

They know every answer but those in question, the rule and its noise, and see even what floor and rounding hide.

| they want to know | they look at | usual rule | strict rule |
|---|---|---|---|
{threats}

Who knows all of a month but one client's five answers, and everything published, is often right about whether all five
were flagged or none. Nobody is in that place by chance, and the strict rule is there for clinics that want less.
`feedback release attack` says the same of a clinic's own ledger, and checks that it keeps to its rule.

## How long things are kept

| what | how long |
|---|---|
| codes | {codes} days after they ended; the hash of a used one as long as its answer |
| comments | {comments} days after the therapy session |
| shared answers, findings, unreviewed flags, notes on talks | 3 to 24 months, as the clinic chose, and their quarter |
| answers sent without the therapist seeing them | sealed until their quarter's figures are made, or withdrawn |
| copies that an upgrade makes, and the journal of what was taken back | {copies} days; keep your backups no longer |
| published figures | for good |

`feedback purge --dry-run` says what would go now; `feedback run-due` does it every night, and then writes the files of
the database anew, so that deleted means deleted there too. On PostgreSQL old values leave the log when it is recycled.

"""


def privacy_page() -> str:
    """Write the page anew, and keep what was measured as it stands."""
    _, _, measured = PAGE.read_text(encoding="utf-8").partition(MEASURED_HEAD)
    return _text() + MEASURED_HEAD + measured


def _text() -> str:
    return TEXT.format(
        grace=GRACE.days,
        cases=FEWEST_CASES,
        therapists=FEWEST_THERAPISTS,
        most=MOST_PER_CASE_MONTH,
        scale=USUAL.count_scale,
        strict=STRICT.count_scale,
        floor=FLOOR,
        rounding=ROUNDING,
        epsilon=f"{float(USUAL.epsilon_response):g}",
        client=f"{float(USUAL.epsilon_client_quarter):g}",
        strict_epsilon=f"{float(STRICT.epsilon_response):g}",
        strict_client=f"{float(STRICT.epsilon_client_quarter):g}",
        threats=_threats(USUAL, STRICT),
        codes=EXPIRED_CODES.days,
        comments=COMMENTS.days,
        copies=COPIES.days,
    )


def _threats(usual: Rule, strict: Rule) -> str:
    pairs = zip(threats(usual), threats(strict), strict=True)
    return "\n".join(
        f"| {one.wants} | {one.looks_at} | right in at most {one.right:.0%} | {other.right:.0%} |"
        for one, other in pairs
    )


def figures_of(output: str, exit_status: int) -> list[str]:
    """Give what a run of the attack suite measured. Raises `GateMissed` when it failed or left an attack out."""
    missed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if exit_status or missed:
        raise GateMissed("\n".join(missed) or f"The attack suite ended with {exit_status}.")
    figures = [
        line for line in output.partition(" measured ")[2].splitlines() if line[:1] == "A" and line[1:2].isdigit()
    ]
    wanted = (*ATTACKS, *(f"A9: without {control}: red" for control in CONTROLS))
    absent = [each for each in wanted if not any(figure.startswith(each) for figure in figures)]
    if absent:
        raise GateMissed(f"Not measured: {', '.join(absent)}")
    return figures


def keep(figures: Sequence[str]) -> None:
    """Write the page with these figures."""
    listed = "".join(f"- {figure}\n" for figure in figures)
    PAGE.write_text(f"{_text()}{MEASURED_HEAD}\n{listed}", encoding="utf-8")


def main() -> int:
    """Run the attack suite and keep what it measured; 1 when a gate was missed, and the page stays as it was."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *SUITE]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    try:
        keep(figures_of(done.stdout, done.returncode))
    except GateMissed as missed:
        print(f"{PAGE.relative_to(ROOT)} stays as it is: a gate of the attack suite was missed.\n{missed}")
        return 1
    print(f"Wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

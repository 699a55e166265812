"""`docs/privacy.md`: the rule's numbers from the code, and the figures that the attack suite measured last.

`make privacy` runs the suite and keeps its figures; `make docs` writes the rest anew. A run in which a gate was missed,
or an attack not made, leaves the page as it is.
"""

import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction

from feedback.domain.figures.attack import threats
from feedback.domain.figures.gate import FEWEST_CASES, FEWEST_THERAPISTS
from feedback.domain.figures.period import GRACE
from feedback.domain.figures.release import Part, Rule
from feedback.domain.figures.rule import FLOOR, STRICT, USUAL
from feedback.domain.retention import COMMENTS, COPIES, EXPIRED_CODES
from tests.support import error_bars
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

What is published: clients with and without a possible rupture, by clinic and month and by team and quarter; means
over clients, what they said felt off, what became of ruptures, and clients with contested answers, by clinic and
quarter; codes handed out, by clinic and month. A year is the sum of what was published. Nothing by therapist, nothing
by day, no free range.

- **Gate.** A clinic or team needs {cases} cases open when the period begins, {therapists} therapists who have any,
  and none with more than half of them. A smaller team counts with the clinic; a smaller clinic gets no figures. The
  gate looks at cases and never at answers.
- **Contribution bounding.** Clients are counted, not answers. A client is one seat of one case. However often one
  answers, shared or only counted, they are in one of two counts a month, in one of two counts of one team a quarter
  (that of the therapist who has the case when the quarter is closed, in the team they are in on that day), at one
  answer to *did anything feel off?* (the clearest), at one state of repair (the least done), once among the
  contested, and with one mean per question, clamped to the scale.
- **Noise.** Discrete Laplace noise of scale sensitivity / ε, drawn exactly in whole numbers, on every count and sum.
- **Floor.** A noisy count below {floor} is given as its interval alone. Nothing is added up where a part is missing.
- **Ledger.** The noise is never kept. A restored database takes back what the journal knows and draws nothing anew.

## What clients send without the therapist seeing it

It enters the clinic's quarter only. Until that quarter's figures are made it is a sealed row: to a public key whose
private half the web process need not be able to read, with case, session, seat and day inside the seal alone. Every
row is 9 KiB long, whatever the questionnaire and the answers: whoever knows which case is followed with which
questionnaire must not know it by its length. The row is found by a keyed hash of the sender's own receipt and by
nothing else, so no request can see, change or wait for what another one sent, and nobody who holds a link can find out
whether somebody else answered. Then all rows are opened at once:

- where the therapist has an answer for that session, the unseen one is dropped, and where that answer came from
  another form, the place is contested;
- of one form sent several times, the last counts; of several forms that agree, one;
- where different forms contradict each other, none counts and the place is contested. To correct an unseen answer, it
  is taken back first.

How many clients are contested is a figure of the release. It has noise as every figure has: planting against single
clients does not show, against about ten or more in one quarter it does.

The rows are deleted in the transaction that keeps the figures. Who holds every backup, the database, its log and all
keys but that one cannot tell which row is whose; afterwards nobody can. What can be seen is how many rows there are,
and between two nights the order in which they came.

On the network, a form that goes to the therapist and one that does not have the same sizes: the values of the two
buttons are equally long, the address of the thank-you has one length, and the pages that follow are padded after
compression, to 6 KiB for the thank-you and 14 KiB for a form that comes back or an error
([test_lengths.py](../tests/attacks/test_lengths.py)). That somebody sent something, and how long a note is, can be
seen there. The answer to a sent form leaves the server at a multiple of 20 ms after the form came, which is more than
either kind takes on a server that is not busy. On a busy one the times of the two kinds still overlap, and differ.

Where a therapist says that an answer is not from their client, nothing counts either that the same form sent unseen.

One link can make as many of these rows as its form is given out under new keys, and that is paced by address and
network ([limits](limits.md)), for everybody alike. Sends are not counted. **Not guarded:** whoever shares the client's
address or network and opens forms there without end can learn, from when they have to wait, that a form was *opened*
there in the last minutes, and with the client's link in hand that it was this one; never whether it was sent.

An answer that is withdrawn leaves the same two lines in the journal whichever kind it was, so that a restored backup
takes both back again and neither file tells them apart. Requests of clients are counted by the day, in tens, without
page, method or outcome.

## ε

## What bounds it

**Adjacency.** Two neighbouring quarters differ by adding or removing *all* that one client adds to it: every answer,
shared, unseen, late or withdrawn, and every flag and repair that follows from them. Replacing one client's quarter by
another is removing one and adding one: at most twice the loss, and for a flag alone what the table below says.

**Sensitivity and mechanism.** Per part of the lattice: by how much one client moves all its numbers together (L1),
and the ε of its pure differential privacy. Parts are composed by adding up.

| part | numbers | L1 sensitivity | ε, usual rule | ε, strict rule |
|---|---|---|---|---|
{parts}
| **together, a client's quarter** | | | **{client}** | **{strict_client}** |

The mean score is made of two sums, how far clients' means lie above 0 and below 10: a client moves both together by
100 tenths, and their sum says how many clients there are, so no count is spent besides. A question's mean is its
noisy sum of distances from the middle, by that number. A question that a client skipped counts as the average of that
answer.

**Exact by design**, because nothing a client does moves it: codes handed out (a code is issued by a therapist;
opening, answering or withdrawing issues none), which figures there are (periods, teams, instruments and the register
of cases: staff decide on them; the first is that of the first therapy session, which a client with a case card can
begin, so it tells no more than that a clinic of 20 open cases has begun), and whether a unit is under the gate.
**Post-processing** spends nothing: floor, rounding, intervals, shares, sums over a year. Over several quarters ε adds
up, as for any rule. Withdrawing or answering after closing changes nothing; before it, it is part of that client's
quarter. Detection judges a client's answers from that client's own earlier answers alone: no figure of one client
passes through another's.

A quarter some of whose months were published by answers before ({old}) prints their ε as well: {mixed} where all three
were, and no more than in any other once that quarter is over.

Discrete Gaussian noise under zero-concentrated differential privacy was tried: at the same ε, and δ 10⁻⁶, it would
make all error bars {gaussian} times as wide (strict rule: {strict_gaussian}). There are too few numbers for it to
pay.

## How rough figures are

`python -m tests.support.error_bars` makes a clinic of 15 cases and about 40 shared answers a month for each
therapist, and gives error bars of 95 % before, as {old} published answers, and after, by clients:

{bars} No figure is rougher in proportion but two: clients *without* a possible rupture in a whole quarter, and
clients who said *no* each time. They are what is left over, and are small because a quarter of many answers has room
for something; what they are left over from is finer than before. To have them as fine in proportion they would have
to be exact.

What another ε would cost, shared out in the same way: clients with a possible rupture in a month, the mean score, the
mean of a question.

{frontier}
ε 9.9 is where the first of them stop being rougher than before at four therapists; below 5 a small clinic could read
nothing off its months. Who wants less takes the strict rule (`FEEDBACK_STRICT_FIGURES`, quarters of the whole clinic
only).

## What the best adversary learns

They know everything of all other clients, the rule and its noise, and see even what floor and rounding hide. ε is a
bound, not a probability; a coin is right in 50 %.

| they want to know | they look at | usual rule | strict rule (in a quarter) |
|---|---|---|---|
{threats}

`feedback release attack` says the same of a clinic's own ledger, and checks that it keeps to its rule.

## How long things are kept

| what | how long |
|---|---|
| codes | {codes} days after they ended; the hash of a used one as long as its answer |
| comments | {comments} days after the therapy session |
| shared answers, findings, unreviewed flags, notes on talks | 3 to 24 months, as the clinic chose, and their quarter |
| answers sent without the therapist seeing them | sealed until their quarter's figures are made, or withdrawn |
| copies that an upgrade makes, the journal of answers and access ended | {copies} days; keep your backups no longer |
| published figures | for good |

`feedback purge --dry-run` says what would go now; `feedback run-due` does it every night, and then writes the files
of the database anew, so that deleted means deleted there too. On PostgreSQL old values leave the log when it is
recycled.

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
        floor=FLOOR,
        parts=_parts(),
        old="FLN-10/5",
        mixed=f"{float(USUAL.epsilon_client_quarter - 3 * USUAL.epsilon(Part.MONTH) + 3 * Fraction(5, 4)):.4g}",
        bars=error_bars.table(),
        frontier=error_bars.frontier(),
        gaussian=f"{error_bars.gaussian_factor(USUAL):.1f}",
        strict_gaussian=f"{error_bars.gaussian_factor(STRICT):.1f}",
        client=f"{float(USUAL.epsilon_client_quarter):g}",
        strict_client=f"{float(STRICT.epsilon_client_quarter):.3g}",
        threats=_threats(USUAL, STRICT),
        codes=EXPIRED_CODES.days,
        comments=COMMENTS.days,
        copies=COPIES.days,
    )


_NUMBERS = {
    Part.MONTH: ("with and without a possible rupture, clinic and month, three times", "1"),
    Part.TEAM: ("with and without a possible rupture, team and quarter", "1"),
    Part.QUARTER: ("with and without a possible rupture, clinic and quarter", "1"),
    Part.OFF: ("clearest answer to *did anything feel off?*", "1"),
    Part.REPAIR: ("state of what is least done", "1"),
    Part.CONTESTED: ("clients with a contested answer", "1"),
    Part.SCORE: ("two sums behind the mean score", "100 tenths of a point"),
    Part.ITEMS: ("a sum for each question", "50 tenths for each question"),
}


def _parts() -> str:
    usual, strict = dict(USUAL.spent), dict(STRICT.spent)

    def spent(given: Fraction | None, part: Part) -> str:
        times = "3 × " if part is Part.MONTH else ""
        return "–" if given is None else f"{times}{float(given):.3g}"

    return "\n".join(
        f"| `{part}` | {numbers} | {most} | {spent(usual.get(part), part)} | {spent(strict.get(part), part)} |"
        for part, (numbers, most) in _NUMBERS.items()
    )


def _threats(usual: Rule, strict: Rule) -> str:
    pairs = zip(threats(usual), threats(strict), strict=True)
    return "\n".join(
        f"| {one.wants} | {one.looks_at} | right in at most {one.right:.0%} | {other.right:.0%} |"
        for one, other in pairs
    )


def figures_of(output: str, exit_status: int) -> list[str]:
    """Return what a run of the attack suite measured. Raises `GateMissed` when it failed or left an attack out."""
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

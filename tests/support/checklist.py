"""The tester's checklist of forty-two points: which tests prove which, and the score of a run.

A test names the point it proves: `@pytest.mark.checklist(7)`. A point scores 2 when its tests passed and 0 when one
failed; what needs people or devices is listed as not checked and scores nothing. The list is docs/checklist.md, written
by `make docs`.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.folders import ROOT

POINTS = {
    "Client form": {
        1: "Opens from a scan with one tap: no install, no sign-in, no cookie banner",
        2: "One HTML response of at most 14 KB compressed, nothing from elsewhere, no cookie, nothing stored",
        3: "With JavaScript off the whole way works, from the form to the withdrawn page",
        4: "Without a note a new person takes under 60 s, a returning one under 35 s (median of five people)",
        5: "Who will see the answers is readable before the first question without a tap, and true of this clinic",
        6: "No answer is chosen beforehand; the order is the same for each question; the ends are in words",
        7: "Each rating tile is at least 44 × 44 px at 320, 360 and 390 px",
        8: "Nothing needs a drag, a swipe or a long press",
        9: "“A little” and “Yes” reveal the follow-up, “No” does not; a hidden answer is not kept",
        10: "By keyboard: Tab reaches each question once, arrows move inside, the ring is seen at every stop",
        11: "A screen reader says the question, its ends and the number chosen (VoiceOver and TalkBack)",
        12: "A form with gaps comes back once, filled, focus on the summary, links to the questions, the count first",
        13: "The note says that it may not be read right away, and names a crisis route, before anybody types",
        14: "Help numbers on every page, in one order, at least 44 px high, dialled on a tap",
        15: "At 320 px, and with text twice as large, nothing scrolls sideways and nothing is cut",
        16: "With wide text spacing nothing overlaps and nothing is cut",
        17: "Dark mode is designed: chosen tile, borders and focus are clear",
        18: "In forced colours every tile has an edge and the chosen one stands out",
        19: "In Arabic the page mirrors, 0 is at the right, numbers and telephone links read correctly",
        20: "Every page is at grade 6 or below, without jargon",
        21: "No field makes a phone zoom in",
    },
    "After sending": {
        22: "Double tap, refresh, and Back then Send keep one answer and show the same thank-you",
        23: "The thank-you page gives a receipt, the way back and what happens next, and repeats no answer",
        24: "Withdrawal needs the receipt, asks once, and changes the therapist's view at once",
        25: "The code alone cannot change or delete answers",
        26: "Used, closed and unknown links each say what happened and what to do, with no blame and no answers",
        27: "Ten openings by HEAD, GET or a preview leave the link usable",
        28: "Without signal at Send nothing is lost silently; with signal again one attempt succeeds",
        29: "A shared tablet clears by itself; Back shows no earlier answer; a new code starts fresh",
        30: "A typed code may be in lower case, with blanks or a hyphen, O for 0, I or L for 1; a wrong one is kept",
    },
    "QR and paper": {
        31: "The QR code is black on white with 4 clear modules in every scheme, and is read from the screen",
        32: "Printed, a card's code is 30 mm wide at least; eight fit a page; domain, code, clinic, telephone on each",
        33: "The text in the QR code is upper case, alphanumeric, version 3 at most, our own address",
    },
    "Therapist": {
        34: "Each flag says why in words, “possible” is always there, no red, no risk number",
        35: "Somebody with perfect ratings who said that something felt off is listed",
        36: "A chart has a title, a sentence and a table; gaps are no zeros; under three answers there is no range",
        37: "The client's wish stands beside the flag and changes the guidance",
        38: "Marking what happened takes three taps from the list at most, can be undone, and allows “not a rupture”",
        39: "Signing in allows paste, a password manager and a one-field code, and offers a passkey",
    },
    "Clinic": {
        40: "Every figure comes from the ledger; counts under 10 are an interval; none can be worked out",
        41: "Hidden figures say so in words on screen and in the file; none is blank or 0",
        42: "Nothing lists or ranks therapists, or lets an admin open one answer",
    },
}

NOT_CHECKED = {
    4: "needs five people and a watch",
    11: "needs VoiceOver and TalkBack on their own devices; that each group is named and described is tested",
}
"""Points that nothing here can observe, each with what it would take."""

BEYOND = {
    1: "the camera of a real phone",
    21: "a real iPhone: the size of type that makes it zoom is tested",
    31: "an iPhone and a low-cost Android at arm's length",
}
"""The part of a tested point that needs a device."""

EACH = 2
"""What a point scores while its tests pass."""


def proofs() -> dict[int, list[str]]:
    """Return the tests that name each point, as `file: test`."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for point in _named(node):
                    found[point].append(f"{path.relative_to(ROOT / 'tests').as_posix()}: {node.name}")
    return found


def checklist_page() -> str:
    """Write docs/checklist.md."""
    tests = proofs()
    lines = [HEAD.format(score=EACH * len(tests), checked=len(tests), left=len(NOT_CHECKED))]
    for group, points in POINTS.items():
        lines.append(f"\n## {group}\n\n| | point | proved by |\n|---|---|---|\n")
        lines += [f"| {number} | {point} | {_proved(number, tests)} |\n" for number, point in points.items()]
    return "".join(lines)


HEAD = """\
# The checklist

Forty-two points that somebody testing Rapport would look at. A point that a test observes scores 2 while its tests
pass; `make test` prints the score of its run. What needs people or devices is *not checked*, and never claimed. This
page is written by `make docs`.

**Score {score} with {checked} points tested, while `make test` is green. Not checked: {left}.**
"""


def _proved(number: int, tests: dict[int, list[str]]) -> str:
    if number not in tests:
        return f"*not checked*: {NOT_CHECKED[number]}"
    files = dict.fromkeys(test.partition(":")[0] for test in tests[number])
    named = ", ".join(f"[{file.rpartition('/')[2]}](../tests/{file})" for file in files)
    return named + (f"; *not checked*: {BEYOND[number]}" if number in BEYOND else "")


def _named(node: ast.FunctionDef) -> Iterator[int]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.checklist":
            yield from (argument.value for argument in decorator.args if isinstance(argument, ast.Constant))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each test carry its points into its report, from whichever worker."""
    for item in items:
        for mark in item.iter_markers("checklist"):
            item.user_properties += [("checklist", point) for point in mark.args]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what this run says of the points it looked at."""
    outcomes: dict[int, set[str]] = defaultdict(set)
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, point in getattr(report, "user_properties", ()):
                if name == "checklist":
                    outcomes[point].add(outcome)
    if not outcomes:
        return
    bad = {point for point, seen in outcomes.items() if seen != {"passed"}}
    whole = {point for points in POINTS.values() for point in points}
    score = EACH * len(outcomes.keys() - bad)
    terminalreporter.section("checklist", sep="-")
    terminalreporter.line(
        f"score {score} of {EACH * len(outcomes)}, for {len(outcomes)} of {len(whole)} points looked at"
    )
    terminalreporter.line(f"not looked at in this run: {_listed(whole - outcomes.keys()) or 'none'}")
    if bad:
        terminalreporter.line(f"with a test that failed: {_listed(bad)}")


def _listed(points: set[int]) -> str:
    return ", ".join(map(str, sorted(points)))

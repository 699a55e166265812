"""docs/reliability.md: what may go wrong, which tests stand up to it, and what they measured last.

`make docs` writes the page; `make reliability` first takes in the figures that the last runs left, from
`.cache/reliability.json` into `tests/reliability/figures.json`. Nobody types a figure.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.support.faults import LEFT_BY_RUNS, read_figures
from tests.support.folders import ROOT

KEPT = ROOT / "tests/reliability/figures.json"
PAGE = ROOT / "docs/reliability.md"

FAULTS = {
    "R1": ("The server or one of its workers is killed under load", "every acknowledged answer is stored once"),
    "R2": (
        "Filing, publishing, purging or turning keys over is killed at a step",
        "the next run ends it: nothing twice, nothing lost, a key destroyed only after the commit",
    ),
    "R3": ("The disk is full", "*not saved, please try again*; nothing acknowledged is lost; it recovers by itself"),
    "R4": ("Many people write in the same second, a long reader beside them", "nobody is turned away"),
    "R5": (
        "The primary of two PostgreSQL servers dies",
        "every acknowledged answer is on the new one; writes are taken again; the old one acknowledges nothing",
    ),
    "R6": ("The line breaks between commit and answer", "the same form again is one answer, with the same receipt"),
    "R7": ("The clock jumps", "codes neither immortal nor dead early; a period is published once"),
    "R8": (
        "The database changes shape, full or empty, or is killed while it does",
        "the shape is the models'; the rows are the same; it can be run again",
    ),
    "R9": (
        "A backup is made under load, put back, damaged, of another key or version",
        "the same clinic, or a refusal that touches nothing",
    ),
    "R10": ("Requests no browser makes", "4xx, no fault"),
    "R11": ("Slow clients, hundreds at a time", "others are served meanwhile"),
    "R12": ("Bodies that are too large or never end", "413, and nothing is kept of them"),
    "R13": ("Text of every kind", "stored as shown, the same on both databases"),
    "R14": ("Sending again, guessing codes", "one answer; no hit"),
    "R15": ("A hundred thousand requests", "memory and open files stay as they are"),
    "R16": ("A key is lost or damaged", "a refusal with its name and the remedy"),
    "R17": ("A page of the database file is damaged", "found at start and every night; read only; what to do is said"),
    "R18": ("Every role at every address, in every clinic", "no unexpected answer"),
    "R19": ("Somebody holds the files", "nothing there leads from a counted answer to its client"),
    "R20": ("A year passes", "every night's work is done, and every gate holds at each release"),
}

HEAD = """\
# Reliability

What may go wrong, the tests that stand up to it, and what they measured when they last ran. Each has a short form that
runs with every `make test`, and some a full one (`make soak`). Figures come from runs, never from a keyboard: a run
leaves them behind, `make reliability` takes them into this page. They were measured on a shared machine of two cores,
so times are longer than on one that works for nobody else; counts do not depend on it.

| | what happens | what must hold | tests |
|---|---|---|---|
"""


def reliability_page() -> str:
    """Write the page from the tests' marks and the figures that were kept."""
    tests, figures = proofs(), _by_fault()
    lines = [HEAD]
    for name, (fault, holds) in FAULTS.items():
        files = dict.fromkeys(test.partition("::")[0] for test in tests[name])
        named = ", ".join(f"[{file.rpartition('/')[2]}](../{file})" for file in files)
        lines.append(f"| {name} | {fault} | {holds} | {named or 'none yet'} |\n")
    lines.append("\n## Figures\n\n| | form | day | measured |\n|---|---|---|---|\n")
    for name in FAULTS:
        lines += [f"| {name} | {form} | {day} | {said} |\n" for form, day, said in figures[name]]
    return "".join(lines)


def proofs() -> dict[str, list[str]]:
    """Return the tests that stand up to each fault, as `file::test`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(ROOT).as_posix()
        of_all = [name for node in tree.body if isinstance(node, ast.Assign) for name in _named(node.value)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for name in {*of_all, *(each for one in node.decorator_list for each in _named(one))}:
                    found[name].append(f"{place}::{node.name}")
    return found


def take_in() -> None:
    """Take what the last runs left into the kept figures. A full form's figure stays until a full form is run again.

    Figures of tests that are gone go too.
    """
    there = {test for tests in proofs().values() for test in tests}
    kept = read_figures(KEPT) | read_figures(LEFT_BY_RUNS)
    current = {key: value for key, value in sorted(kept.items()) if key.partition("[")[0].partition(" ")[0] in there}
    KEPT.write_text(json.dumps(current, indent=1) + "\n", encoding="utf-8")


def _by_fault() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for one in read_figures(KEPT).values():
        day = date.fromisoformat(one["day"])
        for said in one["said"]:
            name, _, words = said.partition(" ")
            found[name].append((one["form"], f"{day.day} {day:%B %Y}", words))
    return {name: sorted(found[name]) for name in FAULTS}


def _named(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
        yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


if __name__ == "__main__":
    take_in()
    PAGE.write_text(reliability_page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}")

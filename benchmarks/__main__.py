"""One table of every hot path beside its limit: `make bench`, or `python -m benchmarks [web|codes|others|page …]`.

Run whole, or with `page`, it writes docs/performance.md, where what was not measured stays as it was. `others` are the
benchmarks with a goal of their own, whose lines are kept as they print them: the detector, the release, the dashboard,
the phone, what a stopwatch can tell. `python -m benchmarks again NAME [options]` runs one of those by itself and puts
its lines in the place of the old ones.
"""

import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import codes, web
from benchmarks.measured import Measured, as_table
from tests.support.folders import ROOT

OTHERS = "## Benchmarks with a goal of their own\n\n"
OWN: dict[str, Callable[[], Iterator[Measured]]] = {"web": web.measure, "codes": codes.measure}
HERE = Path(__file__).parent
PARTS = {"__init__", "__main__", "measured", "web", "codes", "hello", "phones", "limits", "lighthouse"}
"""What is a part of this, or needs a browser from the network."""

PAGE = ROOT / "docs/performance.md"
INTRO = """# Performance

Written by `make bench`; not edited by hand. A figure is worth what the one beside it is worth: both were measured in
the same run, on a machine that others used at the same time. So the ratios are to be read, not the rates.

Measured {day} on {cores} processor cores ({machine}, Python {python}), load {load:.1f} at the start.

## How

- *A constant string* is a Flask page of one word from the same server with the same settings: what server and
  framework cost whatever is done.
- *Durable commits* are single rows of 400 bytes committed by the bare driver, one after the other, each on the disk
  before the next begins (`synchronous=FULL`, `synchronous_commit=on`).
- *Send* is a whole visit: open the form, fill it in, send it, stored and judged by the detector, with 32 or 256 phones
  at once, each on a connection of its own. The load tool shares the cores with the server, so rates are too low.
- *Processor time* is read from the system for the server's processes alone. Work that does not fit the cache grows with
  the load of the machine, a constant string hardly does: on a busy machine this ratio is too high as well.
- Rates that scale with processes need a core for each process, one for the database and one for the load tool. What
  the cores there are allow is their number, divided by the processor time of a visit in all three.

"""


def main(wanted: list[str]) -> int:
    """Measure, print the table, and keep it where everything was measured; 1 when a goal was missed."""
    load, kept = os.getloadavg()[0], PAGE.read_text(encoding="utf-8").partition(OTHERS)[2]
    lines: list[Measured] = []
    for name in [each for each in OWN if not wanted or each in wanted]:
        for line in OWN[name]():
            print("  ".join(cell for cell in line.cells if cell), flush=True)
            lines.append(line)
        if not wanted or "page" in wanted:  # what is measured is kept, should the run be broken off
            PAGE.write_text(_page(lines, kept, load), encoding="utf-8")
    said = _others() if not wanted or "others" in wanted else ""
    print(f"\n{as_table(lines)}\n{said}")
    if not wanted or "page" in wanted:
        PAGE.write_text(_page(lines, said or kept, load), encoding="utf-8")
        print(f"Wrote {PAGE.relative_to(ROOT)}")
    return int(any(line.is_reached is False for line in lines))


def again(name: str, *options: str) -> int:
    """Run one benchmark that has a goal of its own and replace its lines on the page."""
    load, parts = os.getloadavg()[0], re.split(r"(?m)^(?=### )", PAGE.read_text(encoding="utf-8"))
    said = _section(name, options, f"By itself on {datetime.now(UTC):%d %B %Y}, load {load:.1f} at the start.\n\n")
    print(said)
    first, *others = [part for part in parts if not part.startswith(f"### {name}\n")]
    PAGE.write_text("\n".join(part.rstrip("\n") + "\n" for part in (first, *sorted([*others, said]))), encoding="utf-8")
    return 0


def _others() -> str:
    names = sorted(path.stem for path in HERE.glob("[a-z]*.py") if path.stem not in PARTS)
    return "\n".join(_section(name) for name in names)


def _section(name: str, options: Sequence[str] = (), when: str = "") -> str:
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    given = f"`python -m benchmarks.{shlex.join([name, *options])}`\n\n" if options else ""
    return f"### {name}\n\n{when}{given}```text\n{(done.stdout or done.stderr).strip()}\n```\n"


def _page(lines: list[Measured], said: str, load: float) -> str:
    intro = INTRO.format(
        day=f"{datetime.now(UTC):%d %B %Y}",
        cores=os.cpu_count(),
        machine=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=load,
    )
    more = f"\n{OTHERS}{said}" if said else ""
    gap = "" if any("PostgreSQL" in line.path for line in lines) else "\nPostgreSQL was not reached in this run.\n"
    return f"{intro}## The table\n\n{as_table(lines)}{gap}{more}"


if __name__ == "__main__":
    sys.exit(again(*sys.argv[2:]) if sys.argv[1:2] == ["again"] else main(sys.argv[1:]))

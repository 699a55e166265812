"""Can a stopwatch tell a link that was answered *without the therapist seeing it* from one nobody has used?

Both kinds are asked for in turn, in a drawn order, over one connection to the production server: opening the form, a
form with a gap, and sending; and, where something was planted through both kinds of link before, sending that very form
again and taking it back. The figure is the chance that a counted link took longer than an unused one (AUC): 0.5 is
no difference at all, and the limit is 0.55 either way. Two thousand of each kind of link and request, on each engine.
"""

import random
import re
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from urllib.parse import urlencode, urlsplit

import numpy as np

from benchmarks import limits
from feedback.detection.evaluation.scoring import auc
from feedback.domain.audience import Audience
from tests.support.answering import sends
from tests.support.online import clinic_online
from tests.support.phone import NONCE, SEVENS
from tests.support.world import World

EACH = 2_000
LIMIT = 0.55
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Line:
    """One connection to the server, kept open, and a stopwatch."""

    def __init__(self, address: str) -> None:
        self._http = HTTPConnection(urlsplit(address).netloc)

    def asks(self, method: str, path: str, body: str | None = None, *, follow: bool = False) -> tuple[int, bytes, int]:
        """Return status, page and how many nanoseconds it took from the first byte sent to the last received."""
        start = perf_counter_ns()
        self._http.request(method, path, body, FORM if body else {})
        answer = self._http.getresponse()
        page = answer.read()
        took = perf_counter_ns() - start
        return self.asks("GET", answer.headers["Location"]) if follow else (answer.status, page, took)


def nonce(line: Line, token: str) -> str:
    """Open a link and give its form's one-time key."""
    found = re.search(NONCE, line.asks("GET", f"/F/{token}")[1].decode())
    assert found is not None
    return found[1]


def opening(line: Line, token: str) -> int:
    """Time opening a link."""
    status, _, took = line.asks("GET", f"/F/{token}")
    assert status == 200
    return took


def gap(line: Line, token: str) -> int:
    """Time a form that comes back for a gap."""
    fields = SEVENS | {"nonce": nonce(line, token), "audience": "therapist"}
    status, _, took = line.asks("POST", f"/F/{token}", urlencode(fields | {"pace": ""}))
    assert status == 200
    return took


def sending(audience: str) -> Callable[[Line, str], int]:
    """Time sending for a reader, the same as before or another."""

    def send(line: Line, token: str) -> int:
        fields = SEVENS | {"nonce": nonce(line, token), "audience": audience}
        status, _, took = line.asks("POST", f"/F/{token}", urlencode(fields))
        assert status == 303
        return took

    return send


REQUESTS: dict[str, Callable[[Line, str], int]] = {
    "open the form": opening,
    "send it with a gap": gap,
    "send it for the totals": sending("totals"),
    "send it to the therapist": sending("therapist"),
}
"""In this order: each leaves a counted link counted; only sending uses an unused one up, so that comes last."""


class Planted:
    """What somebody sent first, unseen, through each link, and kept: the nonce and the receipt of it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._kept: dict[str, tuple[str, str]] = {}

    def plant(self, token: str) -> None:
        """Send unseen through a link and keep what comes back."""
        kept = nonce(self._line, token)
        fields = SEVENS | {"nonce": kept, "audience": "totals"}
        _, page, _ = self._line.asks("POST", f"/F/{token}", urlencode(fields), follow=True)
        found = re.search(rb'name="receipt" value="([0-9A-Z-]+)"', page)
        assert found is not None
        self._kept[token] = (kept, found[1].decode())

    def send_again(self, line: Line, token: str) -> int:
        """Time the same form with another answer in it."""
        fields = SEVENS | {"nonce": self._kept[token][0], "audience": "totals", "heard": "2"}
        status, _, took = line.asks("POST", f"/F/{token}", urlencode(fields))
        assert status == 303
        return took

    def take_back(self, line: Line, token: str) -> int:
        """Time taking it back."""
        status, _, took = line.asks("POST", "/withdraw", urlencode({"receipt": self._kept[token][1]}))
        assert status == 200
        return took


def links(world: World, count: int, plant: Callable[[str], None] | None = None) -> tuple[list[str], list[str]]:
    """Make two lists of links, those of the second answered without the therapist seeing it.

    With `plant` something was sent through all of them before that.
    """
    kinds: tuple[list[str], list[str]] = ([], [])
    for number in range(2 * count):
        case = world.opens_a_case()
        code = world.shows_a_code(case, world.meets(case))
        if plant is not None:
            plant(code.token)
        if number % 2:
            sends(world, code, audience=Audience.TOTALS)
        kinds[number % 2].append(code.token)
    return kinds


def measure(line: Line, ask: Callable[[Line, str], int], unused: list[str], counted: list[str]) -> float:
    """Ask for both kinds in a drawn order and give the AUC."""
    order = [(kind, token) for kind, tokens in enumerate((unused, counted)) for token in tokens]
    random.Random(1).shuffle(order)  # noqa: S311  a repeatable order
    took: tuple[list[int], list[int]] = ([], [])
    for kind, token in order:
        took[kind].append(ask(line, token))
    return auc(np.array(took[1], dtype=float), np.array(took[0], dtype=float))


def on(engine: str, database_address: str, each: int) -> float:
    """Print one line for each kind of request; give the AUC that is farthest from no difference, as a distance."""
    worst = 0.0
    with TemporaryDirectory() as folder, clinic_online(Path(folder), database_address) as world:
        unused, counted = links(world, 2 * each)
        line = Line(world.address)
        halves = [(unused[:each], counted[:each])] * 3 + [(unused[each:], counted[each:])]
        planted = Planted(line)
        requests = REQUESTS | {"send a planted form again": planted.send_again, "take it back": planted.take_back}
        halves += [links(world, each, planted.plant)] * 2
        for (name, ask), kinds in zip(requests.items(), halves, strict=True):
            found = measure(line, ask, *kinds)
            worst = max(worst, abs(found - 0.5))
            print(f"{engine:10} {name:26} AUC {found:.3f} over {each} of each (limit {LIMIT})", flush=True)
    return worst


def main(each: int = EACH) -> int:
    """Try both engines; give 1 when a stopwatch can tell."""
    worst = [on("sqlite", "", each)]
    with limits.durable_postgres() as address:
        worst.append(on("postgresql", address, each))
    return int(max(worst) >= LIMIT - 0.5)


if __name__ == "__main__":
    sys.exit(main())

"""The table of limits: whole, read by the code, and worth what the arithmetic says."""

import random
import re
from dataclasses import replace

import pytest

from feedback.domain.errors import TooManyTries
from feedback.domain.limits import DAY, PASSWORD, SEND_STEP_SECONDS, TABLE, TYPED_CODE, Pace, held_back
from feedback.domain.networks import origin_of
from feedback.security.rate_limit import RateLimiter
from tests.support.folders import ROOT
from tests.support.guessing import most_guesses, odds

NOON = 1_772_452_800.0
SMALL = re.compile(r"^\w*(?:MISSES|TRIES|BUSY|AT_WORK|PENALTY|PAUSE)\w*(?:: \w+)? = \d", re.MULTILINE)
"""How a limit on tries or turns would be called in a module of its own."""


def test_every_line_names_a_test_that_is_there():
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    missing = [row.proof for row in TABLE if f"def {row.proof}(" not in tests]
    assert missing == []


def test_no_line_stands_twice():
    assert len({row.name for row in TABLE}) == len(TABLE)


def test_no_other_module_holds_a_limit_on_tries_or_turns():
    elsewhere = {
        str(path.relative_to(ROOT)): SMALL.findall(path.read_text())
        for path in (ROOT / "feedback").rglob("*.py")
        if path.name != "limits.py" and SMALL.search(path.read_text())
    }
    assert elsewhere == {}


def judged(limiter, limit, hosts, times, subject=b""):
    """Let every host try at each of the times, and count what is judged."""
    passed = 0
    for now in times:
        for host in hosts:
            try:
                limiter.begin(limit, host, now, subject)
                passed += 1
            except TooManyTries:
                continue
    return passed


@pytest.mark.parametrize(("limit", "subject"), [(TYPED_CODE, b""), (PASSWORD, b"hers")])
def test_no_more_is_judged_than_the_arithmetic_says_and_hardly_less(limit, subject):
    """A hundred hosts that never rest, for six hours."""
    hosts = [origin_of(f"10.{number}.0.1") for number in range(100)]
    hours = 6 * 3_600
    passed = judged(RateLimiter(), limit, hosts, [NOON + second for second in range(0, hours, 20)], subject)
    most = most_guesses(limit, len(hosts), hours)
    assert 0.7 * most <= passed <= most


def test_bursts_with_rests_between_gain_nothing():
    """Whoever stops until the pressure is over, and bursts again, stays within the same numbers."""
    hosts = [origin_of(f"10.{number}.0.1") for number in range(200)]
    days = 3
    times = [NOON + day * DAY + burst for day in range(days) for burst in range(90)]
    passed = judged(RateLimiter(), TYPED_CODE, hosts, times)
    assert passed <= most_guesses(TYPED_CODE, len(hosts), days * DAY)


def test_hits_are_as_many_as_the_arithmetic_says():
    """In a small world: 16 bits, eight codes open, one host at a slower pace for twenty minutes, 400 times."""
    chance, bits, codes = random.Random(15), 16, 8  # noqa: S311  a simulation that can be repeated
    limit = replace(TYPED_CODE, address=Pace(60, 2.0))
    hits = 0
    for _ in range(400):
        living = set(chance.sample(range(2**bits), codes))
        guesses = judged(RateLimiter(), limit, [origin_of("10.0.0.1")], [NOON + second for second in range(1_200)])
        hits += any(chance.randrange(2**bits) in living for _ in range(guesses))
    expected = 400 * odds(660, codes, bits)
    assert expected / 2 < hits < expected * 1.5


@pytest.mark.parametrize(("took", "steps"), [(0.0078, 1), (0.0094, 1), (0.02, 1), (0.0201, 2), (0.095, 5)])
def test_an_answer_is_held_back_until_the_next_whole_step(took, steps):
    assert took + held_back(took) == pytest.approx(steps * SEND_STEP_SECONDS)

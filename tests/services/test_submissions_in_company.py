"""The nightly rewrite while others work: a client who sends at that moment, and a second run."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress

from feedback.domain.audience import Audience
from feedback.persistence.answers import sealed_submissions
from tests.support.answering import sends
from tests.support.nightly import rewrites

LONG_ENOUGH_SECONDS = 1
"""For a run that nothing holds up to end."""


def test_who_sends_during_a_rewrite_loses_nothing(world):
    case = world.opens_a_case()
    for _ in range(3):
        sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS)
    code = world.shows_a_code(case, world.meets(case))
    there = world.on("2026-04-01")
    with ThreadPoolExecutor(1) as aside:
        under_way = []

        def step(name):
            if name == "rewritten":
                under_way.append(aside.submit(sends, world, code, audience=Audience.TOTALS))
                with suppress(NotYet):
                    under_way[0].result(LONG_ENOUGH_SECONDS)

        rewrites(there, step=step)
        under_way[0].result()
    assert not rewrites(world.on("2026-04-02")).has_unreadable
    with world.reading() as uow:
        assert len(list(sealed_submissions.list_submissions(uow))) == 4


def test_of_two_timers_at_once_one_does_it(world):
    case = world.opens_a_case()
    sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS)
    tomorrow = world.on("2026-03-03")
    with ThreadPoolExecutor(2) as pair:
        done = [pair.submit(rewrites, tomorrow, only_if_due=True) for _ in range(2)]
    assert [each.result() is None for each in done].count(True) == 1

"""Filing while others work: a client who sends at that moment, and a second filing."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress

from feedback.domain.audience import Audience
from feedback.persistence.answers import filing, pool
from feedback.security.pool_seal import seal_for_pool
from tests.support.answering import sends
from tests.support.filing import files

LONG_ENOUGH_SECONDS = 1
"""For a filing that nothing holds up to end."""


def counted(world):
    case = world.opens_a_case()
    return sends(world, world.shows_a_code(case, world.meets(case)), audience=Audience.TOTALS)


def test_a_filing_waits_for_whoever_has_read_the_key_already(world):
    for _ in range(5):
        counted(world)
    with ThreadPoolExecutor(1) as aside:
        with world.writing() as uow:
            pool.keep_filing_out(uow)
            key_id, public = pool.newest_pool_key(uow)
            under_way = aside.submit(files, world)
            with suppress(NotYet):
                under_way.result(LONG_ENOUGH_SECONDS)
            sealed = seal_for_pool(
                public,
                {
                    "clinic": world.clinic.id,
                    "month": "2026-03",
                    "instrument": "x",
                    "version": 1,
                    "ratings": {},
                    "direct": None,
                    "receipt": "aa",
                },
            )
            pool.put_in_pool(uow, b"late", receipt_hash=b"\xaa", key_id=key_id, sealed=sealed)
            uow.commit()
        assert not under_way.result().has_unreadable
    with world.reading() as uow:
        assert len(filing.list_anonymous(uow)) == 6


def test_who_sends_during_a_filing_waits_and_is_sealed_to_the_new_key(world):
    for _ in range(5):
        counted(world)
    case = world.opens_a_case()
    code = world.shows_a_code(case, world.meets(case))
    with ThreadPoolExecutor(1) as aside:
        under_way = []

        def step(name):
            if name == "rewritten":
                under_way.append(aside.submit(sends, world, code, audience=Audience.TOTALS))
                with suppress(NotYet):
                    under_way[0].result(LONG_ENOUGH_SECONDS)

        files(world, step=step)
        under_way[0].result()
    with world.reading() as uow:
        (late,) = filing.list_waiting(uow)
        assert late.key_id == pool.newest_pool_key(uow)[0]
    assert not files(world).has_unreadable


def test_of_two_timers_at_once_one_files(world):
    for _ in range(5):
        counted(world)
    tomorrow = world.on("2026-03-03")
    with ThreadPoolExecutor(2) as pair:
        done = [pair.submit(files, tomorrow, only_if_due=True) for _ in range(2)]
    assert [each.result() is None for each in done].count(True) == 1
    with world.reading() as uow:
        assert len(filing.list_anonymous(uow)) == 5

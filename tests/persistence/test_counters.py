"""Two who add at the same moment both count, and neither is refused."""

from threading import Barrier, Thread

from feedback.persistence.accounts.failed_attempts import count_miss, misses
from tests.support.builders import MONDAY

TOMORROW = MONDAY.replace(day=3)


def at_once(world, act, people=8):
    """Let several threads act in transactions of their own that are all open at the same time."""
    ready, failed = Barrier(people), []

    def one():
        try:
            ready.wait()
            with world.writing() as uow:
                act(uow)
        except Exception as error:  # noqa: BLE001  a thread's failure has to be carried out of it
            failed.append(error)

    threads = [Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_misses_at_the_same_moment_are_all_counted(world):
    now = world.installation.clock.now()
    assert at_once(world, lambda uow: count_miss(uow, "sign_in", now, b"one")) == []
    with world.reading() as uow:
        assert misses(uow, "sign_in", now, b"one") == 8

"""A queue that is fair between networks, whatever comes and goes."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.domain.fair_queue import FairQueue
from feedback.domain.networks import Origin, device_origin, origin_of

ONE, NEXT_DOOR, FAR = origin_of("192.0.2.1"), origin_of("192.0.2.2"), origin_of("198.51.100.1")


def full(waiting=8):
    queue = FairQueue(1, waiting)
    assert queue.enter(ONE, "first").has_turn
    return queue


def served(queue):
    order = []
    while (waiter := queue.leave()) is not None:
        order.append(waiter)
    return order


@pytest.mark.parametrize("turns", [1, 3])
def test_so_many_and_no_more(turns):
    queue = FairQueue(turns, 8)
    assert [queue.enter(ONE, number).has_turn for number in range(turns + 1)] == [True] * turns + [False]
    assert queue.leave() == turns
    assert [queue.leave() for _ in range(turns)] == [None] * turns
    assert queue.free == turns


def test_one_address_is_served_in_the_order_in_which_it_came():
    queue = full()
    for name in "abcd":
        queue.enter(ONE, name)
    assert served(queue) == [*"abcd"]


def test_turns_go_round_between_networks_and_then_between_addresses():
    queue = full()
    for name, origin in (("a1", ONE), ("a2", ONE), ("a3", ONE), ("b1", NEXT_DOOR), ("c1", FAR), ("c2", FAR)):
        queue.enter(origin, name)
    assert served(queue) == ["a1", "c1", "b1", "c2", "a2", "a3"]


def test_an_overflow_costs_the_longest_line_its_newest():
    queue = full(4)
    for name in "abcd":
        assert queue.enter(ONE, name).dropped is None
    assert queue.enter(ONE, "e").dropped == "e", "whoever floods pays"
    assert queue.enter(FAR, "far").dropped == "d"
    assert queue.enter(NEXT_DOOR, "next door").dropped == "c", "not next door, who came later"
    assert served(queue) == ["a", "far", "next door", "b"]


def test_a_known_device_is_dropped_last():
    queue = full(2)
    known = device_origin(b"hers")
    queue.enter(known, "hers")
    queue.enter(known, "hers too")
    assert queue.enter(ONE, "a").dropped == "a"
    assert queue.enter(known, "third").dropped == "third"


def test_who_gives_up_is_nobodys():
    queue = full()
    queue.enter(ONE, "a")
    queue.enter(ONE, "b")
    assert queue.give_up(ONE, "a")
    assert not queue.give_up(ONE, "a")
    assert not queue.give_up(FAR, "b")
    assert served(queue) == ["b"]


PLACES = some.sampled_from([Origin(f"{network}.{host}", f"{network}") for network in "abc" for host in range(3)])


@given(some.lists(some.tuples(some.sampled_from(["ENTER", "LEAVE", "GIVE_UP"]), PLACES), max_size=200))
def test_whoever_comes_is_served_dropped_or_still_there_and_never_twice(steps):
    queue, number = FairQueue(2, 5), count()
    waiting, at_work, gone = {}, 0, Counter()
    for step, origin in steps:
        if step == "ENTER":
            me = next(number)
            entered = queue.enter(origin, me)
            if entered.has_turn:
                at_work += 1
            else:
                waiting[me] = origin
            if entered.dropped is not None:
                del waiting[entered.dropped]
                gone[entered.dropped] += 1
        elif step == "LEAVE" and at_work:
            following = queue.leave()
            if following is None:
                at_work -= 1
            else:
                del waiting[following]
                gone[following] += 1
        elif step == "GIVE_UP" and waiting:
            me, place = next(iter(waiting.items()))
            assert queue.give_up(place, me)
            del waiting[me]
        assert queue.waiting == len(waiting) <= 5
        assert queue.free + at_work == 2
        assert not waiting or not queue.free
    assert set(gone.values()) <= {1}

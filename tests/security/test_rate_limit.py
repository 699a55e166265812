"""Misses are paced where they come from, and nowhere else; what is remembered is bounded and says nothing."""

import pytest

from feedback.domain.errors import TooManyTries
from feedback.domain.limits import KNOWN_DEVICE, PASSWORD, RESERVED_OF_NETWORK, TYPED_CODE
from feedback.domain.networks import NOWHERE, origin_of
from feedback.security.rate_limit import RateLimiter

NOON = 1_772_452_800.0
HERE = origin_of("192.0.2.1")


@pytest.fixture
def limiter():
    return RateLimiter()


def judged(limiter, count, origin=HERE, limit=TYPED_CODE, *, now=NOON, subject=b""):
    passed = 0
    for _ in range(count):
        try:
            limiter.begin(limit, origin, now, subject)
            passed += 1
        except TooManyTries:
            continue
    return passed


def wait(limiter, origin=HERE, limit=TYPED_CODE, now=NOON, subject=b""):
    with pytest.raises(TooManyTries) as told:
        limiter.begin(limit, origin, now, subject)
    return told.value.retry_after_seconds


def test_an_address_misses_so_often_and_then_once_each_so_many_seconds(limiter):
    assert judged(limiter, 100) == TYPED_CODE.address.burst
    assert wait(limiter) == 1
    assert judged(limiter, 10, now=NOON + 1) == 2
    assert judged(limiter, 100, now=NOON + 11) == 20
    assert judged(limiter, 100, now=NOON + 3_600) == TYPED_CODE.address.burst


def test_a_clock_that_goes_back_forgives_nothing_and_breaks_nothing(limiter):
    judged(limiter, 100)
    assert wait(limiter, now=NOON - 86_400) == 1


def test_a_right_one_takes_its_count_back_once(limiter):
    for _ in range(200):
        attempt = limiter.begin(TYPED_CODE, HERE, NOON)
        attempt.take_back()
        attempt.take_back()
    assert judged(limiter, 100) == TYPED_CODE.address.burst


def test_a_network_is_bounded_and_a_clean_address_in_it_is_not_refused(limiter):
    rest = [origin_of(f"192.0.2.{number}") for number in range(2, 255)]
    total = sum(judged(limiter, 100, origin) for origin in rest)
    assert total <= TYPED_CODE.network.burst
    assert total >= TYPED_CODE.network.burst - RESERVED_OF_NETWORK
    assert judged(limiter, 100) == TYPED_CODE.free, "five of its own, however much its neighbours missed"
    assert judged(limiter, 1, origin_of("198.51.100.1")) == 1


def test_a_whole_ipv6_site_is_bounded(limiter):
    hosts = [origin_of(f"2001:db8:1:{number:x}::1") for number in range(3_000)]
    assert sum(judged(limiter, 3, host) for host in hosts) == TYPED_CODE.network.burst
    assert judged(limiter, 1, origin_of("2001:db8:2::1")) == 1


def test_pressure_lengthens_the_wait_of_who_misses_and_of_nobody_else(limiter):
    for number in range(100):
        judged(limiter, 60, origin_of(f"198.18.{number}.1"))
    assert wait(limiter, origin_of("198.18.7.1")) == TYPED_CODE.slowed
    assert judged(limiter, 100) == TYPED_CODE.address.burst, "forty who mistype, and the next one, still fit"
    day_later = NOON + 3 * 86_400
    assert judged(limiter, 100, now=day_later) == TYPED_CODE.address.burst
    assert wait(limiter, now=day_later) == 1, "pressure ends"


def test_pressure_on_one_account_is_no_pressure_on_another(limiter):
    for number in range(30):
        judged(limiter, 20, origin_of(f"198.18.{number}.1"), PASSWORD, subject=b"hers")
    judged(limiter, 20, limit=PASSWORD, subject=b"hers")
    judged(limiter, 20, limit=PASSWORD, subject=b"his")
    assert wait(limiter, limit=PASSWORD, subject=b"hers") == 60
    assert wait(limiter, limit=PASSWORD, subject=b"his") == 1


def test_an_address_that_tries_many_accounts_is_paced_as_well(limiter):
    names = [str(number).encode() for number in range(300)]
    assert sum(judged(limiter, 1, limit=PASSWORD, subject=name) for name in names) == PASSWORD.address.burst


def test_a_device_has_its_own_count(limiter):
    assert [limiter.begin_on_device(b"hers", NOON) is None for _ in range(12)] == [False] * 10 + [True] * 2
    assert limiter.begin_on_device(b"his", NOON)
    assert limiter.begin_on_device(b"hers", NOON + KNOWN_DEVICE.seconds)


def test_where_no_address_is_known_one_sender_does_not_use_up_everybodys_share_at_once(limiter):
    assert judged(limiter, 3_000, NOWHERE) == TYPED_CODE.network.burst
    assert wait(limiter, NOWHERE) == 1


def test_memory_is_bounded_and_who_missed_most_stays():
    limiter = RateLimiter(most_buckets=64)
    judged(limiter, 100)
    for number in range(2_000):
        judged(limiter, 1, origin_of(f"10.{number // 200}.{number % 200}.1"))
        assert len(limiter) <= 64 + 3
    assert wait(limiter), "nobody buys a guesser free by coming from many addresses"


def test_no_address_can_be_read_from_what_is_kept(limiter):
    judged(limiter, 3)
    other = RateLimiter()
    judged(other, 3)
    assert len(limiter) == 3
    assert not set(limiter._buckets) & set(other._buckets), "under a key of its own each time"
    assert not any(b"192" in name or HERE.address.encode() in name for name in limiter._buckets)

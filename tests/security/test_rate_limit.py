"""Misses are paced where they come from, and nowhere else; what is remembered is bounded and says nothing."""

import pytest

from feedback.domain.errors import TooManyForms, TooManyTries
from feedback.domain.limits import FORM_KEYS, KNOWN_DEVICE, PASSWORD, RESERVED_OF_NETWORK, TYPED_CODE
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


def opened(limiter, count, origin=HERE, code=b"hers", *, now=NOON):
    passed = 0
    for _ in range(count):
        try:
            limiter.count_opening(FORM_KEYS, origin, now, code)
            passed += 1
        except TooManyForms:
            continue
    return passed


def opening_wait(limiter, origin=HERE, code=b"hers", now=NOON):
    with pytest.raises(TooManyForms) as told:
        limiter.count_opening(FORM_KEYS, origin, now, code)
    return told.value.retry_after_seconds


def test_forms_of_an_address_open_at_its_pace_and_the_wait_told_is_the_true_one(limiter):
    assert opened(limiter, 1_000) == FORM_KEYS.address.burst
    for second in range(1, 30):
        assert opening_wait(limiter, now=NOON + second - 1) == 1
        assert opened(limiter, 10, now=NOON + second) == 1


def test_five_openings_of_another_code_pass_in_any_case_and_one_more_each_minute(limiter):
    opened(limiter, 1_000)
    assert opened(limiter, 100, code=b"his") == FORM_KEYS.free.burst
    assert opened(limiter, 100, code=b"hers", now=NOON + 1) == 1, "they cost the others there no time"


def test_a_code_that_pays_no_heed_to_its_pace_gets_no_second_free_five(limiter):
    assert opened(limiter, 1_000) == FORM_KEYS.address.burst
    opened(limiter, 1, code=b"his", now=NOON + 60)
    assert opened(limiter, 100, now=NOON + 60) <= 60


@pytest.mark.parametrize("place", ["192.0.2.{}", "2001:db8:1:{:x}::1"])
def test_openings_of_a_whole_network_are_bounded_and_its_other_codes_open(limiter, place):
    hosts = [origin_of(place.format(number)) for number in range(1, 250)]
    assert sum(opened(limiter, 40, host) for host in hosts) == FORM_KEYS.network.burst
    assert opening_wait(limiter, origin_of(place.format(254))) == 1
    assert opened(limiter, 100, origin_of(place.format(254)), b"his") == FORM_KEYS.free.burst
    assert opened(limiter, 300, origin_of("198.51.100.1")) == FORM_KEYS.address.burst


def test_a_network_of_ever_new_addresses_gets_its_free_openings_of_a_code_once(limiter):
    hosts = [origin_of(f"2001:db8:1:{number:x}::1") for number in range(3_000)]
    assert sum(opened(limiter, 1, host) for host in hosts) == FORM_KEYS.network.burst


def test_forms_and_guesses_do_not_count_against_each_other(limiter):
    opened(limiter, 1_000)
    assert judged(limiter, 100) == TYPED_CODE.address.burst
    assert judged(RateLimiter(), 100) == TYPED_CODE.address.burst


def test_where_no_address_is_known_forms_open_at_the_pace_of_a_network(limiter):
    assert opened(limiter, 3_000, NOWHERE) == FORM_KEYS.network.burst
    assert opened(limiter, 100, NOWHERE, b"his") == FORM_KEYS.free.burst


def test_openings_take_bounded_memory():
    limiter = RateLimiter(most_buckets=64)
    opened(limiter, 1_000)
    for number in range(2_000):
        opened(limiter, 1, origin_of(f"10.{number // 200}.{number % 200}.1"), f"code {number}".encode())
        assert len(limiter) <= 64 + 4
    assert opening_wait(limiter) == 1

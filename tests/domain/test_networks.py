"""From which network a request comes, however a server or a proxy writes the address."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedback.domain.networks import NOWHERE, Origin, device_origin, origin_of

HOST = Origin("198.51.100.7", "198.51.100.0/24")


@pytest.mark.parametrize(
    "written",
    [
        "198.51.100.7",
        " 198.51.100.7 ",
        "198.51.100.7:4711",
        "::ffff:198.51.100.7",
        "[::ffff:198.51.100.7]:4711",
        "::ffff:c633:6407",
        "0:0:0:0:0:FFFF:198.51.100.7",
        "64:ff9b::198.51.100.7",
        "64:ff9b:1::c633:6407",
        "::ffff:0:198.51.100.7",
        "::198.51.100.7",
        "2002:c633:6407::1",
        "2002:c633:6407:ffff:1:2:3:4",
        "2001:0:4136:e378:8000:63bf:39cc:9bf8",
    ],
)
def test_one_ipv4_host_is_one_however_it_is_written_or_carried(written):
    assert origin_of(written) == HOST


@pytest.mark.parametrize(
    "written", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "[2001:db8:1:2::1]:443", "2001:DB8:1:2::"]
)
def test_an_ipv6_host_may_choose_any_address_of_its_64(written):
    assert origin_of(written) == Origin("2001:db8:1:2::", "2001:db8:1::/48")


def test_mapped_addresses_are_not_one_network():
    assert origin_of("::ffff:192.0.2.1").network != origin_of("::ffff:198.51.100.1").network
    assert origin_of("64:ff9b::192.0.2.1").network != origin_of("64:ff9b::198.51.100.1").network


def test_this_machine_over_ipv6_is_not_an_ipv4_address():
    assert origin_of("::1") == origin_of("::") == Origin("::", "::/48")
    assert origin_of("fe80::1%eth0") == Origin("fe80::", "fe80::/48")


@pytest.mark.parametrize(
    "written", [None, "", "unknown", "_hidden", "1.2.3", "256.1.1.1", "[", "unix:", "1.2.3.4.5", "٣.1.1.1"]
)
def test_what_is_no_address_is_nowhere(written):
    assert origin_of(written) == NOWHERE
    assert not origin_of(written).is_known


@given(some.text(max_size=60))
def test_nothing_that_can_be_sent_breaks_it(written):
    assert origin_of(written).network


def test_a_known_device_is_a_place_of_its_own():
    assert device_origin(b"\x01") != device_origin(b"\x02")
    assert device_origin(b"\x01").network == "device:01"

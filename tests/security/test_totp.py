"""Codes of an authenticator app: as the standard's own table says, a step early or late, and no further."""

from datetime import UTC, datetime

import pyotp
import pytest

from feedback.security.totp import SKEW, app_address, code_at, draw_seed, find_step, step_at
from tests.support.chance import SeededChance

RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The seed of RFC 6238, appendix B: the ASCII text 12345678901234567890, in base 32."""

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(second, code):
    now = datetime.fromtimestamp(second, UTC)
    assert code_at(RFC_SEED, step_at(now)) == code
    assert find_step(RFC_SEED, code, now) == second // 30


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off_and_no_more(off, fits):
    code = code_at(RFC_SEED, step_at(AT) + off)
    assert (find_step(RFC_SEED, code, AT) == step_at(AT) + off) is fits
    assert SKEW == 1


@pytest.mark.parametrize("code", ["", "28708", "2870821", "٢٨٧٠٨٢", "287082\n", "abcdef"])
def test_what_is_not_six_digits_fits_nothing(code):
    assert find_step(RFC_SEED, code, datetime.fromtimestamp(59, UTC)) is None


def test_a_seed_has_160_bits_in_the_alphabet_apps_read_and_is_drawn_anew():
    chance = SeededChance()
    one, two = draw_seed(chance), draw_seed(chance)
    assert one != two
    assert len(pyotp.TOTP(one).byte_secret()) * 8 == 160


def test_an_app_reads_seed_and_names_from_the_address():
    read = pyotp.parse_uri(app_address(RFC_SEED, account="dana@example.org", issuer="Harbour Lane: Therapy & Co"))
    assert (read.secret, read.name, read.digits, read.interval) == (RFC_SEED, "dana@example.org", 6, 30)
    assert read.issuer == "Harbour Lane  Therapy & Co"

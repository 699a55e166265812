"""Nonces belong to one code; receipts belong to the client."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.domain.care import CROCKFORD
from feedback.domain.errors import NonceRefused
from feedback.security.keyring import Keyring
from feedback.security.receipts import check_nonce, make_nonce, make_receipt, read_receipt
from tests.support.chance import SeededChance

TOKEN = "7K4M92TX" * 3 + "7K"
OTHER = "8K4M92TX" * 3 + "7K"


@pytest.fixture(scope="module")
def keyring(tmp_path_factory):
    return Keyring.create(tmp_path_factory.mktemp("keys"))


def test_a_nonce_passes_for_its_own_code_however_the_link_was_written(keyring):
    nonce = make_nonce(keyring, SeededChance(1), TOKEN)
    check_nonce(keyring, nonce, TOKEN)
    check_nonce(keyring, nonce, TOKEN.lower())


@pytest.mark.fault("R14")
@pytest.mark.parametrize("spoil", [lambda n: n[:-1], lambda n: n + "0", lambda n: "", lambda n: n[::-1], lambda n: "é"])
def test_a_spoiled_nonce_is_refused(keyring, spoil):
    with pytest.raises(NonceRefused):
        check_nonce(keyring, spoil(make_nonce(keyring, SeededChance(1), TOKEN)), TOKEN)


@pytest.mark.fault("R14")
def test_a_nonce_of_another_code_or_installation_is_refused(keyring, tmp_path):
    nonce = make_nonce(keyring, SeededChance(1), TOKEN)
    with pytest.raises(NonceRefused):
        check_nonce(keyring, nonce, OTHER)
    with pytest.raises(NonceRefused):
        check_nonce(Keyring.create(tmp_path / "others"), nonce, TOKEN)


def test_a_receipt_is_the_same_for_the_same_nonce_and_its_own_check_fits(keyring):
    receipt = make_receipt(keyring, make_nonce(keyring, SeededChance(1), TOKEN))
    assert receipt == make_receipt(keyring, make_nonce(keyring, SeededChance(1), TOKEN))
    assert read_receipt(f" {receipt[:4]}-{receipt[4:8]}-{receipt[8:].lower()}") == receipt


def test_without_the_key_a_receipt_cannot_be_computed_from_the_nonce(keyring, tmp_path):
    nonce = make_nonce(keyring, SeededChance(1), TOKEN)
    assert make_receipt(Keyring.create(tmp_path / "others"), nonce) != make_receipt(keyring, nonce)


@given(place=st.integers(0, 10), other=st.sampled_from(CROCKFORD), seed=st.integers(0, 999))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_slip_in_a_receipt_is_noticed(keyring, place, other, seed):
    receipt = make_receipt(keyring, make_nonce(keyring, SeededChance(seed), TOKEN))
    wrong = receipt[:place] + other + receipt[place + 1 :]
    apart = abs(CROCKFORD.index(receipt[place]) - CROCKFORD.index(other))
    assert (read_receipt(wrong) is None) == (apart not in {0, 31})

"""An outsider with a link plants answers through it, over plain HTTP: to find out, to erase, to stuff, to shut out.

Nothing of the product is used to attack but its pages. What was planted is looked at afterwards as figures see it.
"""

import re
from collections import Counter

import pytest

from feedback.domain.care import check_sign
from feedback.domain.figures.period import Period
from feedback.services.figures.open_submissions import open_submissions
from feedback.web import create_app
from tests.support.nightly import rewrites
from tests.support.phone import NONCE, SEVENS

RECEIPT = re.compile(r'<p class="code">.*?([0-9A-Z]{4,6}(?:-[0-9A-Z]{4,6})+)', re.DOTALL)


class Outsider:
    """A browser that keeps what it is given."""

    def __init__(self, world):
        self.world, self.network = world, 0
        self.http = create_app(world.installation).test_client(use_cookies=False)

    def form(self, token):
        return NONCE.search(self.http.get(f"/F/{token}").text)[1]

    def sends(self, token, nonce=None, query="", **answers):
        fields = SEVENS | {"nonce": nonce or self.form(token), "audience": "totals"} | answers
        return self.http.post(f"/F/{token}{query}", data=fields)

    def receipt(self, sent):
        assert sent.status_code == 303
        return RECEIPT.search(self.http.get(sent.location).text)[1]

    def takes_back(self, receipt):
        place = {"REMOTE_ADDR": f"198.51.{self.network}.7"}
        return self.http.post("/withdraw", data={"receipt": receipt}, environ_overrides=place)


@pytest.fixture
def outsider(world):
    return Outsider(world)


@pytest.fixture
def token(world):
    case = world.opens_a_case()
    return world.shows_a_code(case, world.meets(case)).token


def counted(world, quarter="2026-Q1"):
    it = world.installation
    with world.reading() as uow:
        return open_submissions(uow, it.keyring, it.journal, Period.read(quarter)).unseen


def heard(found):
    return Counter(answer.ratings["heard"] for answer in found.answers)


def on_a_tablet(outsider, token, nonce, _receipt):
    """Version 0.1 led a form away that it knew as sent, and showed any other one again."""
    return [outsider.sends(token, nonce, query="?kiosk=1", pace=None)]


def by_counting(outsider, _token, _nonce, receipt):
    """Version 0.1 counted receipts that led nowhere, and said so after three hundred."""
    bodies = [f"{number:011}" for number in range(299)]
    guesses = [outsider.takes_back(body + check_sign(body)) for body in bodies]
    return [*guesses, outsider.takes_back(receipt), outsider.takes_back(receipt)]


def by_sending_again(outsider, token, nonce, receipt):
    asked = outsider.http.post("/withdraw", data={"receipt": receipt, "ask": "1"})
    return [outsider.sends(token, nonce, heard="2"), asked, outsider.takes_back(receipt), outsider.sends(token, nonce)]


@pytest.mark.parametrize("probe", [on_a_tablet, by_counting, by_sending_again])
def test_what_was_planted_first_does_not_tell_that_somebody_answered_after_it(outsider, world, probe):
    told = []
    for somebody_answers in (False, True):
        outsider.network += 1
        case = world.opens_a_case()
        token = world.shows_a_code(case, world.meets(case)).token
        nonce = outsider.form(token)
        receipt = outsider.receipt(outsider.sends(token, nonce, heard="2"))
        if somebody_answers:
            outsider.receipt(outsider.sends(token, heard="9"))
        told.append(
            [(each.status_code, each.headers.get("Retry-After")) for each in probe(outsider, token, nonce, receipt)]
        )
    assert told[0] == told[1]


@pytest.mark.parametrize("nights", [0, 3])
def test_what_is_planted_neither_erases_nor_takes_the_place_of_what_a_client_sent(outsider, world, token, nights):
    client = outsider.receipt(outsider.sends(token, heard="9"))
    if nights:
        rewrites(world.on("2026-03-03"))
    planted = outsider.receipt(outsider.sends(token, heard="0"))
    found = counted(world)
    assert (heard(found), found.contested) == ({}, 1), "it shows that somebody planted something"
    outsider.takes_back(planted)
    assert heard(counted(world)) == {9: 1}
    outsider.takes_back(client)
    assert heard(counted(world)) == {}


def test_what_is_planted_where_the_therapist_sees_it_shows_that_it_met_an_unseen_answer(outsider, world, token):
    client = outsider.receipt(outsider.sends(token, heard="9"))
    planted = outsider.receipt(outsider.sends(token, audience="therapist", heard="0"))
    assert (heard(counted(world)), counted(world).contested) == ({}, 1)
    outsider.takes_back(planted)
    assert (heard(counted(world)), counted(world).contested) == ({9: 1}, 0)
    outsider.takes_back(client)


def test_one_form_sent_unseen_and_then_to_the_therapist_is_not_contested(outsider, world, token):
    nonce = outsider.form(token)
    outsider.receipt(outsider.sends(token, nonce))
    outsider.receipt(outsider.sends(token, nonce, audience="therapist"))
    assert (heard(counted(world)), counted(world).contested) == ({}, 0)


def test_however_often_and_after_however_many_nights_one_place_counts_once(outsider, world):
    case = world.opens_a_case()
    tokens = [world.shows_a_code(case, world.meets(case)).token for _ in range(6)]
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        for token in tokens:
            for _ in range(2):
                assert outsider.sends(token, heard="9").status_code == 303
        rewrites(world.on(day))
    assert (heard(counted(world)), counted(world).contested) == ({9: 6}, 0)


def test_a_receipt_of_what_does_not_count_lives_as_long_as_any(outsider, world, token):
    """Dropped, contested or counted: until the quarter is closed each receipt does the same, and then none does."""
    receipts = [outsider.receipt(outsider.sends(token, heard=rating)) for rating in "29"]
    shared = outsider.sends(token, audience="therapist")
    receipts.append(outsider.receipt(shared))
    assert {outsider.takes_back(each).status_code for each in (*receipts, *receipts)} == {200}


def test_the_same_form_again_renews_its_own_answer_and_no_other(outsider, world, token):
    nonce = outsider.form(token)
    for rating in "358":
        outsider.receipt(outsider.sends(token, nonce, heard=rating))
    assert heard(counted(world)) == {8: 1}

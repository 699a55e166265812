"""A form is never sent to the address it stands at, so that Back from a failed send finds it again, on a phone."""

import pytest

from tests.support.html import soup
from tests.support.phone import NONCE, SEVENS


@pytest.mark.parametrize("query", ["", "?easy=1", "?turn=1", "?turn=2", "?turn=x"])
def test_the_address_changes_with_every_turn_and_carries_what_was_chosen(phone, code, query):
    here = f"/F/{code.token}{query}"
    for _ in range(3):
        page = phone.http.get(here)
        there = soup(page.text).form["action"]
        assert not here.endswith(there)
        assert ("easy=1" in there) == ("easy=1" in here)
        fields = SEVENS | {"nonce": NONCE.search(page.text)[1], "audience": "therapist", "pace": ""}
        again = phone.http.post(f"/F/{code.token}{there}", data=fields)
        assert soup(again.text).select_one("[role=alert] h2")
        assert not f"/F/{code.token}{there}".endswith(soup(again.text).form["action"])
        here = f"/F/{code.token}{there}"


def test_on_a_shared_tablet_it_is_sent_to_where_it_stands(phone, code):
    form = phone.http.get(phone.http.get(f"/F/{code.token}?kiosk=1").location)
    assert not soup(form.text).form.has_attr("action")

"""The line breaks after the answer was stored and before the phone heard of it: sending again changes nothing."""

import pytest
from sqlalchemy import func, select

from feedback.domain.audience import Audience
from feedback.persistence.tables import responses, sealed_submissions
from feedback.web import create_app
from tests.support.phone import Phone, receipt_of

pytestmark = pytest.mark.fault("R6")


def rows(world, table):
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("audience", "table"), [(Audience.THERAPIST, responses), (Audience.TOTALS, sealed_submissions)]
)
def test_the_same_form_sent_again_is_one_answer_with_one_receipt(world, audience, table, engine_name, measured):
    phone = Phone(create_app(world.installation))
    case = world.opens_a_case()
    token = world.shows_a_code(case, world.meets(case)).token
    nonce = phone.nonce(token)
    unheard = phone.sends(token, audience, nonce=nonce)
    restarted = Phone(create_app(world.installation))
    again = [restarted.sends(token, audience, nonce=nonce) for _ in range(3)]
    receipts = {receipt_of(restarted.http.get(answer.location)) for answer in (unheard, *again)}
    assert len(receipts) == 1
    assert rows(world, table) == 1
    measured("R6", f"{engine_name}: sent 4 times to the {table.name}: 1 answer, 1 receipt")

"""Several values as one parameter: the same rows on both engines as an `IN` of each value would give, by the index."""

import pytest
from sqlalchemy import bindparam, select

from feedback.persistence.among import among
from feedback.persistence.ready import Ready
from feedback.persistence.tables import cases

OF_THESE = (
    select(cases.c.code).where(cases.c.clinic_id == bindparam("clinic"), among(cases.c.code, "codes")).order_by("code")
)


@pytest.fixture
def codes(world):
    return sorted(world.opens_a_case().code for _ in range(3))


def found(world, wanted):
    with world.reading() as uow:
        return [row.code for row in Ready(OF_THESE).all(uow, clinic=uow.clinic_id, codes=wanted)]


def test_it_gives_the_rows_of_these_values_and_no_other(world, codes):
    assert found(world, codes[:2]) == codes[:2]
    assert found(world, [codes[2], codes[2], "not there"]) == [codes[2]]
    assert found(world, ()) == []


@pytest.mark.parametrize("text", ["it's", '"', "\\", "{a,b}", "[1]", "null", "NULL", "", " ", "é\u202e", "%s ?"])
def test_no_text_means_anything_else_than_itself(world, codes, text):
    assert found(world, [text, codes[0]]) == codes[:1]


def test_a_statement_that_is_not_ready_takes_it_too(world, codes):
    with world.reading() as uow:
        given = {"clinic": uow.clinic_id, "codes": codes[1:]}
        assert list(uow.connection.scalars(OF_THESE, given)) == codes[1:]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_looks_the_values_up_in_the_key(world):
    with world.reading() as uow:
        statement = str(OF_THESE.compile(dialect=uow.connection.dialect))
        plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("c", "[]")).all()
    assert any("(clinic_id=? AND code=?)" in row.detail for row in plan), plan

"""An answer sent without the therapist seeing it changes no byte of any staff page: neither sent, nor taken back again.

One world in its three states, so that nothing else can differ: links that nobody has used; the same links answered for
the totals alone; and those answers withdrawn again, before the night's filing and after it. Everybody who has an
account opens everything that has an address.
"""

import re

import pytest
from sqlalchemy import func, select

from feedback.domain.audience import Audience
from feedback.domain.care import Part, Role
from feedback.persistence.figures.journal import Journal
from feedback.persistence.tables import audit_log
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.share_case import share_case
from feedback.web import create_app
from feedback.web.route_policy import policy_of
from tests.support.answering import LOW, a_case_that_fell, sends
from tests.support.builders import a_therapist
from tests.support.counting import counting
from tests.support.desk import Desk
from tests.support.nightly import rewrites

FURTHER = {
    "/cases/<code>": ("?session=1", "?session=5", "?session=6"),
    "/cases/<code>/code": ("?session=6", "?session=6&view=square"),
    "/cases/<code>/card": ("?session=6",),
    "/cases/<code>/guess": ("?session=6",),
    "/cases/<code>/print": ("?session=6",),
    "/cases/<code>/not-theirs": ("?session=5",),
    "/cases": ("?closed=1", "?q=0"),
    "/dashboard": ("?all=1",),
}
"""What an address shows besides, by what stands after it."""

DRAWN = {"/account/second-step", "/account/passkeys", "/account/confirm"}
"""They show a key or a challenge that is drawn anew at every visit."""

LOGS = {"/clinic/audit", "/clinic/audit/file", "/account/log"}
"""They grow with this test's own visits. What clients do must add no line to them: `records` counts."""


@pytest.fixture
def desks(world):
    """A browser for everybody who has an account: two therapists, and one in each other role."""
    iris = world.hire(a_therapist(id="iris", email="iris@example.org"))
    roles = [role for role in Role if role is not Role.THERAPIST]
    others = [world.hire(a_therapist(id=role.value, email=f"{role.value}@example.org", role=role)) for role in roles]
    return {(person.id, person.role): Desk(world, person) for person in (world.therapist, iris, *others)}


@pytest.fixture
def case(world, desks):
    """A case with a flag, open to a second therapist and to a supervisor."""
    it, made = world.installation, a_case_that_fell(world, off="yes")
    with world.writing() as uow:
        for part, whom in ((Part.CO_THERAPIST, "iris"), (Part.SUPERVISOR, Role.SUPERVISOR.value)):
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=made,
                part=part,
                staff_id=whom,
                days=7,
                by=world.therapist,
            )
    return made


def addresses(world, case):
    """Every staff page that can be opened by an address of this case, or by none, and who may enter it."""
    for entry in policy_of(create_app(world.installation)):
        path = entry.rule.replace("<code>", case.code)
        if entry.method == "GET" and entry.is_staff and "<" not in path and path not in LOGS | DRAWN:
            yield from ((path + more, entry.admits) for more in ("", *FURTHER.get(entry.rule, ())))


def pages(world, desks, case):
    """Everything everybody with an account is shown, as bytes, and how much the database was asked for each page."""
    seen = {}
    everything = list(addresses(world, case))
    for (who, role), desk in desks.items():
        for path in (path for path, admits in everything if role in admits):
            with counting(world) as asked:
                page = desk.opens(path)
            headers = re.sub(r"Date: .*", "", str(page.headers))
            seen[who, path] = (page.status_code, headers, page.get_data(), len(asked))
    return seen


def records(world):
    """How many lines the audit log has."""
    with world.reading() as uow:
        return uow.connection.scalar(select(func.count()).select_from(audit_log))


def withdraws(world, receipt, journal):
    """Take an answer back by its receipt."""
    it = world.installation
    with it.database.writing(None) as uow:
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=journal)


def test_no_page_differs_by_a_byte_unused_answered_or_withdrawn(world, desks, case, tmp_path):
    journal = Journal(tmp_path / "journal")
    links = [world.shows_a_code(case, world.meets(case)), *(world.shows_a_code(world.opens_a_case()) for _ in range(2))]
    pages(world, desks, case)  # what is new becomes opened, once
    unused = pages(world, desks, case)
    assert {status for status, *_ in unused.values()} >= {200, 404}
    assert len({path for _, path in unused}) > 30
    noted = records(world)
    receipts = [sends(world, link, LOW, audience=Audience.TOTALS, off="yes", comment="Not for you.") for link in links]
    assert records(world) == noted
    assert pages(world, desks, case) == unused
    withdraws(world, receipts[0], journal)
    assert pages(world, desks, case) == unused
    noted = records(world)
    assert rewrites(world) is not None
    withdraws(world, receipts[1], journal)
    assert records(world) == noted
    assert pages(world, desks, case) == unused

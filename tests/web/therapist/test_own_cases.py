"""The two checks behind every page that works on a case, asked themselves: roles at the door hide what they refuse."""

from dataclasses import replace

import pytest

from feedback.domain.care import Part, Role
from feedback.domain.errors import NotFound
from feedback.services.cases.share_case import share_case
from feedback.web import create_app
from feedback.web.staff_session import SignedIn
from feedback.web.therapist import case_access


@pytest.mark.parametrize(
    ("role", "part", "may"),
    [
        (Role.THERAPIST, None, (True, True)),
        (Role.THERAPIST, Part.CO_THERAPIST, (True, False)),
        (Role.SUPERVISOR, Part.SUPERVISOR, (False, False)),
    ],
)
def test_who_may_work_on_a_case_and_who_may_decide_on_it(world, monkeypatch, role, part, may):
    it, case, person = world.installation, world.opens_a_case(), world.therapist
    if part:
        person = world.hire(replace(world.therapist, id="iris", email="iris@example.org", role=role))
        with world.writing() as uow:
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=case,
                part=part,
                staff_id="iris",
                days=7,
                by=world.therapist,
            )
    who = SignedIn.__new__(SignedIn)
    for name, value in {"staff": person, "clinic": world.clinic}.items():
        object.__setattr__(who, name, value)
    monkeypatch.setattr(case_access, "me", lambda: who)
    monkeypatch.setattr("feedback.web.request_uow.me", lambda: who)
    for opens, is_let_in in zip((case_access.own_case, case_access.led_case), may, strict=True):
        with create_app(it).test_request_context(f"/cases/{case.code}", method="POST"), world.reading() as uow:
            if is_let_in:
                assert opens(uow, case.code).code == case.code
            else:
                with pytest.raises(NotFound):
                    opens(uow, case.code)

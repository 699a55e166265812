"""Every page of a therapist and of a supervisor, in each of its shapes, as it comes over the wire."""

from dataclasses import dataclass, replace

from feedback import paths
from feedback.domain.care import Part, Role
from feedback.domain.rupture import FlagStatus
from feedback.persistence.dashboard.own_figures import put_guess
from feedback.persistence.flags import flags
from feedback.services.cases.open_case import close_case
from feedback.services.cases.plan_weekly import plan_weekly
from feedback.services.cases.share_case import share_case
from feedback.services.dashboard.send_notices import stop_token
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, a_case_that_fell, a_couple, meets_and_sends
from tests.support.desk import Desk
from tests.support.world import World

SHEET = (paths.static() / "staff.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class StaffPage:
    """One page: what it is called here, its address, and what the server sent."""

    name: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    html: str


def every_staff_page(world: World) -> dict[str, StaffPage]:
    """Live through enough for every page to have something on it, and open them all; by name."""
    told = _lived(world)
    who = {
        "therapist": Desk(world, world.therapist),
        "colleague": Desk(world, replace(world.therapist, id="iris")),
        "beginner": Desk(world, replace(world.therapist, id="mei")),
        "supervisor": Desk(world, replace(world.therapist, id="sol", role=Role.SUPERVISOR)),
        "nobody": Desk(world),
    }
    return {name: _opened(who[name.partition(":")[0]], name, path) for name, path in _paths(told).items()}


def _opened(desk: Desk, name: str, path: str) -> StaffPage:
    answer = desk.opens(path)
    return StaffPage(name, path, answer.status_code, tuple(answer.headers), answer.text)


def _lived(world: World) -> dict[str, str]:
    """Return the codes of the cases, by what they show, and a link of a notice."""
    it = world.installation
    for name, role in (("iris", Role.THERAPIST), ("mei", Role.THERAPIST), ("sol", Role.SUPERVISOR)):
        world.hire(replace(world.therapist, id=name, email=f"{name}@example.org", display_name=name.title(), role=role))
    fell = a_case_that_fell(
        world,
        off="yes",
        wish="bring_up",
        closest="pushed",
        comment="I felt you moved on too fast, and <I> said nothing.",
    )
    again = a_case_that_fell(world, off="a_little", wish="just_know", closest="misunderstood rushed")
    ended, couple = a_case_that_fell(world, off="not_sure"), a_couple(world)
    tens = world.on("2026-02-01").opens_a_case(label="Tuesdays at ten o’clock"[:20])
    for day in ("2026-02-09", "2026-02-16", "2026-02-23"):
        meets_and_sends(world, tens, day, (10, 10, 10, 10, 10, 10))
    meets_and_sends(world, again, "2026-03-02", GOOD, off="no", repair="helped")
    told = world.on("2026-02-01").opens_a_case()
    meets_and_sends(world, told, "2026-02-23", GOOD, off="a_little", wish="bring_up", comment="Can we talk about it?")
    meets_and_sends(world, told, "2026-03-02", GOOD, repair="would_like")
    code = world.shows_a_code(fell, world.meets(fell))
    card = world.shows_a_code(fell)
    assert code.typed
    assert card.typed
    with world.writing() as uow:
        for part, whom in ((Part.CO_THERAPIST, "iris"), (Part.SUPERVISOR, "sol")):
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=fell,
                part=part,
                staff_id=whom,
                days=7,
                by=world.therapist,
            )
        plan_weekly(uow, it.clock, it.keyring, case=again, weekday=3, by=world.therapist)
        flag = flags.list_flags(uow, again.code)[0]
        talked = FlagStatus.TALKED
        review_flag(uow, it.clock, it.keyring, flag=flag, outcome=talked, by=world.therapist, note="We spoke of it.")
        close_case(uow, it.clock, it.keyring, case=ended, by=world.therapist)
        for number, value in ((1, 7.0), (2, 9.0)):
            put_guess(uow, world.therapist.id, (fell.code, number, "A"), value)
    return {
        "fell": fell.code,
        "again": again.code,
        "ended": ended.code,
        "couple": couple.code,
        "told": told.code,
        "stop": stop_token(it.keyring, world.clinic.id, world.therapist.id),
    }


def _paths(told: dict[str, str]) -> dict[str, str]:
    fell = f"/cases/{told['fell']}"
    return {
        "beginner: dashboard": "/dashboard",
        "beginner: cases": "/cases",
        "beginner: figures": "/own-figures",
        "therapist: dashboard": "/dashboard",
        "therapist: cases": "/cases",
        "therapist: found": "/cases?q=tues",
        "therapist: not found": "/cases?q=zz&closed=1",
        "therapist: case": fell,
        "therapist: calm session": f"{fell}?session=2",
        "therapist: open session": f"{fell}?session=6",
        "therapist: talked": f"/cases/{told['again']}?session=5",
        "therapist: ended": f"/cases/{told['ended']}",
        "therapist: told": f"/cases/{told['told']}?session=1",
        "therapist: everything": "/dashboard?all=1",
        "therapist: couple": f"/cases/{told['couple']}",
        "therapist: print": f"{fell}/print?session=5",
        "therapist: couple, print": f"/cases/{told['couple']}/print",
        "therapist: together": f"{fell}/together?session=5",
        "therapist: arrangements": f"{fell}/arrangements",
        "therapist: weekly": f"/cases/{told['again']}/arrangements",
        "therapist: guess": f"/cases/{told['couple']}/guess?session=4&seat=A",
        "therapist: not theirs": f"{fell}/not-theirs?session=5",
        "therapist: code": f"{fell}/code?session=6",
        "therapist: square": f"{fell}/code?session=6&view=square",
        "therapist: case card": f"{fell}/code",
        "therapist: card": f"{fell}/card?session=6",
        "therapist: sheet": "/sheet",
        "therapist: poster": "/poster",
        "therapist: figures": "/own-figures",
        "therapist: notices": "/notices",
        "therapist: account": "/account",
        "therapist: not there": "/cases/00000-0",
        "colleague: case": fell,
        "colleague: arrangements": f"{fell}/arrangements",
        "supervisor: shared": "/shared",
        "supervisor: case": f"{fell}?session=5",
        "nobody: stop notices": f"/notices/stop/{told['stop']}",
        "nobody: sign in": "/sign-in",
    }

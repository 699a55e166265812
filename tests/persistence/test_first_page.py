"""The latest sessions of the cases that met last are the latest of all, wherever the search for them begins."""

from datetime import date, timedelta

import pytest

from feedback.persistence.dashboard.overview import Recent, list_latest_cases, list_recent_meetings

FIRST = date(2026, 2, 2)
MOST = 4


@pytest.mark.parametrize(
    "days",
    [
        [],
        [[]],
        [[0], [1]],
        [[], [0, 1, 2, 3, 4, 5]],
        [[0], [1], [2], [3], [4], [5]],
        [[9, 10, 11, 12, 13, 14], [0], [1], [2], [3]],
        [[7], [7], [7], [7], [7], [7, 6, 5]],
        [[3, 8], [2, 8], [8], [1], [8], [0]],
    ],
)
def test_the_latest_sessions_are_the_latest_of_all_own_cases(world, days):
    there, held = world.on(FIRST), []
    for mine in days:
        case = there.opens_a_case()
        for after in mine:
            day = FIRST + timedelta(days=after)
            held.append((day, case.code, world.on(day).meets(case, day).number))
    with world.reading() as uow:
        latest = list_latest_cases(uow, world.therapist.id, 40)
        rows = list_recent_meetings(uow, world.therapist.id, Recent.of(latest, MOST), new_since=FIRST)
    found = [(row.held_on, row.case_code, row.number) for row, *_ in rows]
    assert found == sorted(held, key=lambda one: (-one[0].toordinal(), one[1], -one[2]))[:MOST]
    wanted = {code: day for day, code, _ in sorted(held)}
    assert {one.code: one.last_held_on for one in latest if one.last_held_on} == wanted

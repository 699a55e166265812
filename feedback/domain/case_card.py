"""Which therapy session a case card answers: the client keeps one card and uses it after every one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from feedback.domain.care import TherapySession

REACH = timedelta(days=3)
"""How far back a card finds a therapy session: 72 hours. Only dates are kept, so this counts days."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a code answers. `number` is empty for a therapy session that sending would make, on `held_on`."""

    number: int | None
    held_on: date
    is_shared: bool


def choose_target(
    meetings: Iterable[TherapySession],
    shared: Collection[int],
    today: date,
    planned: Iterable[date] = (),
    *,
    reach: timedelta = REACH,
) -> Target:
    """Choose for a card: at most one shared answer a day, the newest unanswered session within reach, else a new one.

    `shared` holds the numbers of those meetings whose answer from this seat the therapist can see. A new session is
    dated on the newest `planned` day within reach, else today. What was sent without the therapist seeing it is not
    known here, so a client who answered so and comes back has to be able to say that it is about today: no `reach`.
    """
    near = sorted(
        (meeting for meeting in meetings if today - reach <= meeting.held_on <= today),
        key=lambda meeting: (meeting.held_on, meeting.number),
        reverse=True,
    )
    for meeting in near:
        if meeting.held_on == today and meeting.number in shared:
            return Target(meeting.number, today, is_shared=True)
    for meeting in near:
        if meeting.number not in shared:
            return Target(meeting.number, meeting.held_on, is_shared=False)
    due = max((day for day in planned if today - reach <= day <= today), default=today)
    return Target(None, due, is_shared=False)

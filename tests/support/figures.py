"""A clinic large enough for figures, written straight into the tables: who works there, which cases, what was answered.

Only what a release reads is filled in; nonces, receipts and comments are random bytes or nothing.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert

from feedback.domain.care import Staff
from feedback.domain.figures.period import Period
from feedback.domain.figures.release import Release, Rule
from feedback.domain.figures.rule import USUAL
from feedback.domain.figures.submissions import Submission
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.answers.sealed_submissions import SealedSubmission
from feedback.persistence.tables import (
    answers,
    cases,
    findings,
    responses,
    rupture_flags,
    teams,
    tenant_lookup,
    therapy_sessions,
)
from feedback.security.access_codes import SystemChance
from feedback.security.sealed_box import seal_to
from feedback.services.figures.close_release import close_release
from feedback.services.figures.open_submissions import forget_opened, open_submissions
from tests.support.answering import GOOD
from tests.support.builders import SIX, a_therapist
from tests.support.world import World

BEFORE = date(2025, 12, 1)
"""A day on which the cases of these clinics were opened."""


def write(world: World, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows of this clinic."""
    mine = [{"clinic_id": world.clinic.id, **row} for row in rows]
    with world.writing() as uow:
        if mine:
            uow.connection.execute(insert(table), mine)


def staffed(world: World, **team_sizes: int) -> dict[str, list[Staff]]:
    """Hire therapists by team: `staffed(world, quay=3, garden=4)`. A team `none` is no team."""
    write(world, teams, [{"id": name, "name": name.title()} for name in team_sizes if name != "none"])
    return {
        name: [
            world.hire(
                a_therapist(
                    id=f"{name}{place}", email=f"{name}{place}@example.org", team_id=None if name == "none" else name
                )
            )
            for place in range(size)
        ]
        for name, size in team_sizes.items()
    }


def opened(world: World, therapist: Staff, count: int, on: date = BEFORE, closed_on: date | None = None) -> list[str]:
    """Open cases of a therapist; gives their codes."""
    codes = [f"{therapist.id}-{on:%y%m%d}-{place}" for place in range(count)]
    row = {"therapist_id": therapist.id, "opened_on": on, "closed_on": closed_on, "seats": 1}
    row |= {"instrument_id": "rapport-session", "sealed_label": None}
    write(world, cases, [row | {"code": code} for code in codes])
    return codes


def a_clinic_of(world: World, cases_each: int = 5, **team_sizes: int) -> list[str]:
    """Staff the clinic and give every therapist as many cases; gives all their codes."""
    people = staffed(world, **(team_sizes or {"quay": 3, "garden": 3}))
    return [code for team in people.values() for person in team for code in opened(world, person, cases_each)]


def answered(
    world: World,
    day: date,
    codes: Sequence[str],
    *,
    flagged: Iterable[str] = (),
    number: int = 1,
    ratings: Sequence[float | None] = GOOD,
    off: str | None = "no",
    status: str = "new",
    seat: str = "A",
    form: str = "rapport-session",
    **kept: float | None,
) -> None:
    """Let cases meet on a day, and each send one answer to the therapist; some of them are flagged.

    The score is the average of the ratings unless it is given.
    """
    raised = set(flagged)
    places = [{"case_code": code, "session_number": number, "seat": seat} for code in codes]
    write(world, therapy_sessions, [{"case_code": code, "number": number, "held_on": day} for code in codes])
    receipts = [secrets.token_bytes(16) for _ in codes]
    plain = {"instrument_id": form, "instrument_version": 1, "language": "en", "steps": 11}
    rated = {item: value for item, value in zip(SIX, ratings, strict=False) if value is not None}
    score = kept.get("score", sum(rated.values()) / max(1, len(rated)))
    plain |= {"who_reads_version": 1, "score": score, "sealed_comment": None}
    write(
        world,
        responses,
        [
            place | plain | {"nonce_hash": receipt, "receipt_hash": receipt}
            for place, receipt in zip(places, receipts, strict=True)
        ],
    )
    given = [{"item_id": item, "choice": "", "value": value} for item, value in rated.items()]
    chosen = [{"item_id": "off", "choice": off, "value": None}] if off else []
    write(world, answers, [place | answer for place in places for answer in (*given, *chosen)])
    write(world, tenant_lookup, [{"kind": "receipt", "hash": receipt} for receipt in receipts])
    finding = {"method": "switching", "version": "1", "probability": 0.4, "level": "worth_asking", "forms": 3}
    finding |= {"value": None, "expected_low": None, "expected_high": None, "evidence": "[]"}
    write(world, findings, [place | finding | {"flag": place["case_code"] in raised} for place in places])
    write(
        world,
        rupture_flags,
        [
            place | {"id": secrets.token_hex(8), "status": status, "held_on": day, "finding": None}
            for place in places
            if place["case_code"] in raised
        ],
    )


def counted_in(world: World, month: str, how_many: int, ratings: Sequence[float | None] = GOOD, **more: Any) -> None:
    """Let so many clients have answered in a month without the therapist seeing it, each once."""
    sent = {"instrument_id": "rapport-session", "instrument_version": 1, "direct": "no"} | more
    sent |= {"ratings": dict(zip(SIX, ratings, strict=False)), "held_on": date.fromisoformat(f"{month}-15")}
    with world.writing() as uow:
        key_id, public_key = sealed_submissions.newest_submission_key(uow)
        for _ in range(how_many):
            one = Submission(case_code=secrets.token_hex(3), seat="A", session_number=None, **sent)
            row = SealedSubmission(
                secrets.token_bytes(32), world.clinic.id, key_id, seal_to(public_key, one.to_sealed())
            )
            sealed_submissions.put_submission(uow, row)


def closes(world: World, period: str, rule: Rule = USUAL, **more: Any) -> Release:
    """Close a period on the first day on which that is possible, with real chance, and keep it."""
    there = world.on(Period.read(period).closes_on)
    it = there.installation
    with there.writing() as uow:
        opened = open_submissions(uow, it.keyring, it.journal, Period.read(period))
        more = {"unseen": opened.unseen} | more
        release = close_release(
            uow, it.clock, SystemChance(), it.journal, period=Period.read(period), rule=rule, **more
        )
        forget_opened(uow, opened)
    return release


def value_of(release: Release, measure: str, unit: str | None = None) -> float | str | None:
    """Return what a release says of a measure: its value, or its status where there is none."""
    (figure,) = [
        each
        for each in release.figures
        if each.measure == measure and (each.unit.name == unit if unit else each.unit.id == release.clinic_id)
    ]
    return figure.status.value if figure.value is None else figure.value

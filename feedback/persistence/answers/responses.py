"""Shared responses and their answers, as rows and back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, delete, insert, select, update

from feedback.domain.audience import Audience
from feedback.domain.response import Response, StoredResponse
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tables import answers, responses

Place = tuple[str, int, str]
"""Where a response hangs: case code, number of the therapy session, seat."""

_ADD = insert(responses)
_ADD_ANSWERS = insert(answers)


@dataclass(frozen=True, slots=True)
class KeptWith:
    """What is kept with a response besides its answers. `score` is on 0–10; the hashes find a repeat and a receipt.

    `counted_for` is the therapist into whose sums the score is counted.
    """

    score: float | None
    sealed_comment: bytes | None
    nonce_hash: bytes
    receipt_hash: bytes
    counted_for: str | None = None


def at(table: Table, uow: UnitOfWork, place: Place) -> ColumnElement[bool]:
    """Choose the rows of one place in any table keyed like `responses`."""
    case_code, number, seat = place
    return and_(
        table.c.clinic_id == uow.clinic_id,
        table.c.case_code == case_code,
        table.c.session_number == number,
        table.c.seat == seat,
    )


def named_place(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Choose the rows of one place in a statement made once; its parameters are those that `key` gives."""
    return tuple(table.c[name] == bindparam(name) for name in ("clinic_id", "case_code", "session_number", "seat"))


def key(uow: UnitOfWork, place: Place) -> dict[str, Any]:
    """Return the key columns of one place."""
    case_code, number, seat = place
    return {"clinic_id": uow.clinic_id, "case_code": case_code, "session_number": number, "seat": seat}


def response_row(uow: UnitOfWork, place: Place, response: Response, kept: KeptWith) -> dict[str, Any]:
    """Return a shared response as a row. Its answers are rows of their own."""
    return key(uow, place) | {
        "instrument_id": response.instrument_id,
        "instrument_version": response.instrument_version,
        "language": response.language,
        "steps": response.steps,
        "who_reads_version": response.who_reads_version,
        "score": kept.score,
        "sealed_comment": kept.sealed_comment,
        "nonce_hash": kept.nonce_hash,
        "receipt_hash": kept.receipt_hash,
        "counted_for": kept.counted_for,
    }


def answer_rows(uow: UnitOfWork, place: Place, response: Response) -> list[dict[str, Any]]:
    """Return the answers of a response as rows."""
    return [key(uow, place) | answer for answer in (*_rated(response.ratings), *_chosen(response.choices))]


def add_response(uow: UnitOfWork, place: Place, response: Response, kept: KeptWith) -> None:
    """Store a shared response with its answers. The primary key lets one place hold one response only."""
    uow.connection.execute(_ADD, response_row(uow, place, response, kept))
    given = answer_rows(uow, place, response)
    if given:
        uow.connection.execute(_ADD_ANSWERS, given)


def _rated(ratings: Mapping[str, float]) -> Iterable[dict[str, Any]]:
    return ({"item_id": item, "choice": "", "value": value} for item, value in ratings.items())


def _chosen(choices: Mapping[str, tuple[str, ...]]) -> Iterable[dict[str, Any]]:
    return (
        {"item_id": item, "choice": option, "value": None} for item, options in choices.items() for option in options
    )


def nonce_at(uow: UnitOfWork, place: Place) -> bytes | None:
    """Return the nonce hash of the response at a place, or nothing when the therapist has none."""
    return uow.connection.scalar(select(responses.c.nonce_hash).where(at(responses, uow, place)))


def version_at(uow: UnitOfWork, place: Place) -> int | None:
    """Return the version of the who-reads sentence the response at a place was sent under."""
    return uow.connection.scalar(select(responses.c.who_reads_version).where(at(responses, uow, place)))


def sealed_comment_at(uow: UnitOfWork, place: Place) -> bytes | None:
    """Return the sealed comment of the response at a place."""
    return uow.connection.scalar(select(responses.c.sealed_comment).where(at(responses, uow, place)))


def place_of_receipt(uow: UnitOfWork, receipt_hash: bytes) -> Place | None:
    """Find the shared response a receipt belongs to."""
    row = uow.connection.execute(
        select(responses.c.case_code, responses.c.session_number, responses.c.seat).where(
            responses.c.clinic_id == uow.clinic_id, responses.c.receipt_hash == receipt_hash
        )
    ).first()
    return (row.case_code, row.session_number, row.seat) if row else None


def delete_response(uow: UnitOfWork, place: Place) -> bytes:
    """Delete a response with its answers and finding; return the hash of its receipt, whose lookup is to be removed."""
    gone = delete(responses).where(at(responses, uow, place)).returning(responses.c.receipt_hash)
    return uow.connection.scalar(gone) or b""


def replace_response(uow: UnitOfWork, place: Place, response: Response, kept: KeptWith) -> None:
    """Store a shared response in the place of the one there, under the same receipt."""
    row = response_row(uow, place, response, kept)
    uow.connection.execute(update(responses).where(at(responses, uow, place)).values(row))
    uow.connection.execute(delete(answers).where(at(answers, uow, place)))
    given = answer_rows(uow, place, response)
    if given:
        uow.connection.execute(insert(answers), given)


def list_responses(uow: UnitOfWork, case_code: str) -> tuple[StoredResponse, ...]:
    """Return a case's shared responses, without comments, by number of the therapy session and seat."""
    mine = and_(responses.c.clinic_id == uow.clinic_id, responses.c.case_code == case_code)
    rows = uow.connection.execute(
        select(responses).where(mine).order_by(responses.c.session_number, responses.c.seat)
    ).all()
    ratings: dict[tuple[int, str], dict[str, float]] = defaultdict(dict)
    choices: dict[tuple[int, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in uow.connection.execute(
        select(answers).where(answers.c.clinic_id == uow.clinic_id, answers.c.case_code == case_code)
    ):
        spot = (row.session_number, row.seat)
        if row.value is not None:
            ratings[spot][row.item_id] = row.value
        else:
            choices[spot][row.item_id] = (*choices[spot].get(row.item_id, ()), row.choice)
    return tuple(_stored(row, ratings, choices) for row in rows)


def _stored(row: Row[Any], ratings: Mapping[Any, dict[str, float]], choices: Mapping[Any, Any]) -> StoredResponse:
    spot = (row.session_number, row.seat)
    response = Response(
        instrument_id=row.instrument_id,
        instrument_version=row.instrument_version,
        language=row.language,
        audience=Audience.THERAPIST,
        ratings=ratings.get(spot, {}),
        choices=choices.get(spot, {}),
        steps=row.steps,
        who_reads_version=row.who_reads_version,
    )
    return StoredResponse(row.case_code, row.session_number, row.seat, response, row.score, row.counted_for)

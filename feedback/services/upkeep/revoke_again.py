"""Taking away again, in a restored clinic, what access was taken away after the backup was made.

A backup holds the credentials of its day. Those that were replaced since are made unusable and nothing takes their
place: what replaced them is lost, so their owner is invited anew. Nothing is ever given back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feedback.domain.care import Role, Staff
from feedback.domain.clock import Clock
from feedback.domain.revocation import NotedRevocation, Revocation, RevocationKind, revoked_since
from feedback.persistence.accounts import accounts, passkeys, second_step
from feedback.persistence.audit import all_links
from feedback.persistence.cases import care, case_staff, codes
from feedback.persistence.database import UnitOfWork
from feedback.persistence.figures.journal import Journal
from feedback.security.keyring import Keyring
from feedback.services.audit.record_audit import record_audit
from feedback.services.audit.record_revocation import revocation_digest
from feedback.services.upkeep.end_access import end_access


@dataclass(frozen=True, slots=True)
class AccessEnded:
    """What ended again in one clinic.

    `ended` has the kind and whose it was, by e-mail and role or by the code of a case. `to_invite` can sign in only
    after a new invitation. `still_led` are cases that were handed over to somebody the backup does not know, so their
    therapist from before leads them again. `has_admin` says whether a clinic admin can sign in.
    """

    ended: tuple[tuple[RevocationKind, str], ...]
    to_invite: tuple[Staff, ...]
    still_led: tuple[str, ...]
    has_admin: bool


@dataclass(frozen=True, slots=True)
class _Target:
    """Something in the backup that may have been taken away since, and how the audit log names it."""

    access: Revocation
    subject: str


def revoke_again(uow: UnitOfWork, clock: Clock, keyring: Keyring, journal: Journal, *, by: str) -> AccessEnded:
    """Take away in a clinic what the journal knows and its audit log does not; each is recorded there.

    What is not in the backup is passed over. Raises `ValueError` for a line of the journal that is none.
    """
    pending = revoked_since(journal.revoked(), uow.clinic_id, all_links(uow))
    targets = _targets(uow, keyring, pending)
    ended: list[_Target] = []
    still_led: set[str] = set()
    for target in (targets[one.digest] for one in pending if one.digest in targets):
        kind, ids = target.access.kind, target.access.ids
        if kind is RevocationKind.CASE_LED:
            still_led |= {ids[0]} if care.get_case(uow, ids[0]).therapist_id == ids[1] else set()
            continue
        if kind is RevocationKind.CASE_GIVEN:
            still_led.discard(ids[0])
        if end_access(uow, clock, target.access):
            record_audit(uow, clock, keyring, actor=by, action=kind.action, subject=target.subject)
            ended.append(target)
    return _told(uow, ended, still_led)


def _told(uow: UnitOfWork, ended: list[_Target], still_led: set[str]) -> AccessEnded:
    people = {person.id: person for person in accounts.list_staff(uow)}
    touched = {target.subject for target in ended}
    return AccessEnded(
        ended=tuple((target.access.kind, _shown(people, target.subject)) for target in ended),
        to_invite=tuple(
            one
            for one in people.values()
            if one.id in touched and one.password_hash is None and one.disabled_on is None
        ),
        still_led=tuple(sorted(still_led)),
        has_admin=any(one.role is Role.CLINIC_ADMIN and one.is_active for one in people.values()),
    )


def _shown(people: dict[str, Staff], subject: str) -> str:
    person = people.get(subject)
    return f"{person.email} ({person.role.value})" if person else subject.partition("/")[0]


def _targets(uow: UnitOfWork, keyring: Keyring, pending: tuple[NotedRevocation, ...]) -> dict[bytes, _Target]:
    """Return what the backup holds of the kinds that are pending, by the digest the journal would name it by."""
    kinds = {one.kind for one in pending}
    found = (target for kind in kinds for target in _of_kind(uow, kind))
    return {revocation_digest(keyring, uow.clinic_id, target.access): target for target in found}


def _of_kind(uow: UnitOfWork, kind: RevocationKind) -> Iterator[_Target]:
    """Yield what the clinic holds of one kind."""
    people = accounts.list_staff(uow)
    named: Iterable[tuple[tuple[str, ...], str]]
    if kind in {RevocationKind.CASE_GIVEN, RevocationKind.CASE_LED}:
        therapists = [one for one in people if one.role is Role.THERAPIST]
        led = [case.code for one in therapists for case in care.list_cases(uow, one.id)]
        named = [((code, one.id), f"{code}/{one.id}") for code in led for one in therapists]
    elif kind is RevocationKind.CASE_SHARE:
        shares = case_staff.list_all_case_staff(uow)
        named = [((one.case_code, one.staff_id), f"{one.case_code}/{one.staff_id}") for one in shares]
    else:
        named = _single(uow, kind, people)
    yield from (_Target(Revocation(kind, ids), subject) for ids, subject in named)


def _single(uow: UnitOfWork, kind: RevocationKind, people: tuple[Staff, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield ids and subject of what belongs to one account or one case."""
    match kind:
        case RevocationKind.RECOVERY_CODE:
            codes_left = second_step.list_recovery_codes(uow)
            yield from (((staff_id, hashed.hex()), staff_id) for staff_id, hashed in codes_left)
        case RevocationKind.PASSKEY:
            for person in people:
                yield from (((one.id,), person.id) for one in passkeys.list_passkeys(uow, person.id))
        case RevocationKind.ACCESS_CODE:
            yield from (((code.id,), code.case_code) for code in codes.list_unrevoked(uow))
        case _:
            yield from (((person.id,), person.id) for person in people)

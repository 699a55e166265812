"""Each night: make the sealed submissions of a day indistinguishable in the database's files, and rotate their keys.

A new key pair is made for every quarter, and the private half of an old one is destroyed when nothing is sealed to it
any more, as happens when that quarter's figures are made. Nothing is opened for that.

In this order, so that a run may be killed anywhere and done again: a new key on the disk; rows and keys committed
together; what was deleted erased from the files; the log cut; unused private keys destroyed. Until the commit nothing
has changed; after it, another run does the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.figures.period import Period
from feedback.domain.figures.submissions import Submission
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.clinic.clinics import list_zones
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.upkeep.erasing import cut_log, vacuum
from feedback.persistence.writer_lock import WriterLock
from feedback.security.keyring import Keyring
from feedback.security.sealed_box import (
    destroy_submission_keys,
    has_submission_key,
    make_submission_key,
    open_sealed,
    read_submission_key,
    seal_to,
    sealed_length,
    submission_keys_folder,
)

OUTDATED = timedelta(days=92)
"""So long after the day from which a quarter's figures may be made, its sealed answers are deleted in any case."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What the operator should know of a run; never how many answers there were.

    `has_unreadable`: some rows are sealed to a key whose file is not here. `has_cut_log`: the database's log was cut;
    else PostgreSQL recycles it in its own time. `dropped` counts unreadable rows given up on request.
    """

    has_unreadable: bool
    has_cut_log: bool
    dropped: int = 0


def rewrite_submissions(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    drop_unreadable: bool = False,
    only_if_due: bool = False,
    step: Callable[[str], None] = lambda _name: None,
) -> Rewritten | None:
    """Rewrite the rows and rotate the keys, one run at a time.

    `only_if_due` does nothing, and returns None, when that was done today already, as it does where there is no clinic.
    `step` is told the name of each step done. Raises `KeysWrong` for a damaged key, `NotSaved`, `FilingUnfinished`.
    """
    folder = keyring.folder
    with WriterLock(submission_keys_folder(folder) / "filing.lock").held():
        with database.writing(None) as uow:
            today = max((local_day(clock, zone) for zone in list_zones(uow).values()), default=None)
            if today is None or (only_if_due and not _is_due(uow, keyring, today)):
                return None
            _provide_key(uow, keyring, chance, today)
            step("key made")
            unreadable = _unreadable(uow, keyring)
            dropped = _delete_unreadable(uow, unreadable) if drop_unreadable else 0
            _delete_outdated(uow, keyring, today)
            _seal_to_one_length(uow, keyring)
            kept = _forget_unused_keys(uow, today)
            sealed_submissions.rewrite(uow, today)
            step("rewritten")
        step("committed")
        vacuum(database)
        step("vacuumed")
        has_cut_log = cut_log(database)
        step("log cut")
        destroy_submission_keys(folder, but=kept)
        step("keys destroyed")
    return Rewritten(bool(unreadable) and not drop_unreadable, has_cut_log, dropped)


def _is_due(uow: UnitOfWork, keyring: Keyring, today: date) -> bool:
    """Return whether today's run was not made, or did not come to its end: then private keys are left over."""
    done_on = sealed_submissions.rewritten_on(uow)
    files = {path.stem for path in submission_keys_folder(keyring.folder).glob("*.key")}
    known = sealed_submissions.list_keys(uow).keys() | sealed_submissions.keys_in_use(uow)
    return done_on is None or done_on < today or not files <= known


def _provide_key(uow: UnitOfWork, keyring: Keyring, chance: Chance, today: date) -> None:
    """Make a key where there is none of this quarter whose private half is here; nothing is sealed to a lost one."""
    made = sealed_submissions.list_keys(uow)
    lost = {key_id for key_id in made if not has_submission_key(keyring.folder, key_id)}
    sealed_submissions.forget_keys(uow, frozenset(lost))
    if any(made[key_id] >= Period.quarter_of(today).first_day for key_id in made.keys() - lost):
        return
    key_id = chance.text(12)
    sealed_submissions.add_submission_key(uow, key_id, make_submission_key(keyring.folder, key_id), today)


def _unreadable(uow: UnitOfWork, keyring: Keyring) -> frozenset[str]:
    in_use = sealed_submissions.keys_in_use(uow)
    return frozenset(key_id for key_id in in_use if not has_submission_key(keyring.folder, key_id))


def _delete_unreadable(uow: UnitOfWork, key_ids: frozenset[str]) -> int:
    rows = [row.id for row in sealed_submissions.list_submissions(uow, key_ids)]
    sealed_submissions.delete_submissions(uow, rows)
    return len(rows)


def _delete_outdated(uow: UnitOfWork, keyring: Keyring, today: date) -> None:
    """Delete what no figures were made of in time: of a clinic without therapy sessions, or while a ledger is broken.

    Only rows under keys of such a time are opened.
    """
    old = {key_id for key_id, made_on in sealed_submissions.list_keys(uow).items() if _is_outdated(made_on, today)}
    private_of = {key_id: read_submission_key(keyring.folder, key_id) for key_id in old}
    gone: list[bytes] = []
    for row in sealed_submissions.list_submissions(uow, frozenset(old)):
        private = private_of[row.key_id]
        if private and _is_outdated(Submission.from_sealed(open_sealed(private, row.sealed)).held_on, today):
            gone.append(row.id)
    sealed_submissions.delete_submissions(uow, gone)


def _seal_to_one_length(uow: UnitOfWork, keyring: Keyring) -> None:
    """Seal anew, to the same key, what earlier versions sealed to a length that depended on the questionnaire."""
    for row in sealed_submissions.list_of_other_length(uow, sealed_length()):
        private = read_submission_key(keyring.folder, row.key_id)
        if private is not None:
            content = open_sealed(private, row.sealed)
            uniform = Submission.from_sealed(content).to_sealed() | {"receipt": content.get("receipt", "")}
            sealed_submissions.put_submission(uow, replace(row, sealed=seal_to(bytes(private.public_key), uniform)))


def _is_outdated(day: date, today: date) -> bool:
    return Period.quarter_of(day).closes_on + OUTDATED < today


def _forget_unused_keys(uow: UnitOfWork, today: date) -> frozenset[str]:
    """Delete the public keys to which nothing is sealed, and return the ids of those whose private half is kept.

    The newest is in use, and so may be the one before it until the day is over on which it was replaced: somebody may
    just be sealing to it.
    """
    made, in_use = sealed_submissions.list_keys(uow), sealed_submissions.keys_in_use(uow)
    newest = sealed_submissions.newest_submission_key(uow)
    if newest is None or made[newest[0]] >= today:
        return in_use | made.keys()
    kept = in_use | {newest[0]}
    sealed_submissions.forget_keys(uow, frozenset(made) - kept)
    return kept

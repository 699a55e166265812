"""Filing what waits in the pool among the anonymous rows, so that no answer can be traced to its code or its day.

In this order, so that a filing may be killed anywhere and run again: a new key on the disk; pool and anonymous rows
rewritten and committed together; what was deleted erased from the files; the log cut; the old private keys destroyed.
Until the commit nothing has changed; after it, another run does the rest.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from feedback.domain.care import Chance
from feedback.domain.clock import Clock, local_day
from feedback.domain.filing import AnonymousResponse, may_be_filed
from feedback.persistence.answers import filing
from feedback.persistence.answers.filing import WaitingAnswer
from feedback.persistence.database import Database, UnitOfWork
from feedback.persistence.doors import close_door
from feedback.persistence.upkeep.erasing import cut_log, vacuum
from feedback.persistence.writer_lock import WriterLock
from feedback.security.keyring import Keyring
from feedback.security.pool_seal import (
    destroy_pool_keys,
    make_pool_key,
    open_from_pool,
    pool_folder,
    read_pool_key,
    seal_for_pool,
)

ID_LENGTH = 16
"""Characters of an anonymous row's id: 80 bits, drawn anew for every row at every filing."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What the operator should know of a filing; never how many answers there were.

    `has_unreadable`: some rows of the pool are sealed to a key whose file is not here. `has_cut_log`: the database's
    log was cut; else PostgreSQL recycles it in its own time. `dropped` counts unreadable rows given up on request.
    """

    has_unreadable: bool
    has_cut_log: bool
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class _Opened:
    row: WaitingAnswer
    content: AnonymousResponse
    plain: dict[str, object]


def file_pool(
    database: Database,
    clock: Clock,
    keyring: Keyring,
    chance: Chance,
    *,
    drop_unreadable: bool = False,
    only_if_due: bool = False,
    step: Callable[[str], None] = lambda _name: None,
) -> Filing | None:
    """File what may be filed, seal what must wait to a new key, and destroy the old ones. One filing at a time.

    `only_if_due` does nothing, and gives nothing, when the newest key is of today already. `step` is told the name of
    each step done. Raises `KeysWrong` for a damaged key, `NotSaved`, `FilingUnfinished`.
    """
    with WriterLock(pool_folder(keyring.folder) / "filing.lock").held():
        with database.writing(None) as uow:
            today = _today(uow, clock)
            if today is None or (only_if_due and not _is_due(uow, keyring, today)):
                return None
            filing.keep_everybody_out(uow)
            key_id = chance.text(12)
            public_key = make_pool_key(keyring.folder, key_id)
            step("key made")
            filing.replace_pool_keys(uow, key_id, public_key, today)
            opened, unreadable = _open(keyring, filing.list_waiting(uow))
            left = _give_up(uow, unreadable) if drop_unreadable else unreadable
            _rewrite(uow, clock, chance, opened=opened, left=left, key=(key_id, public_key))
            step("rewritten")
            uow.commit()
        step("committed")
        vacuum(database)
        step("vacuumed")
        has_cut_log = cut_log(database)
        step("log cut")
        destroy_pool_keys(keyring.folder, but=key_id)
        step("keys destroyed")
    return Filing(bool(left), has_cut_log, len(unreadable) - len(left))


def _give_up(uow: UnitOfWork, unreadable: Iterable[WaitingAnswer]) -> list[WaitingAnswer]:
    """Let the receipts of answers that nobody can read lead nowhere; gives what is left of them, which is nothing."""
    for row in unreadable:
        close_door(uow.within(row.clinic_id), "receipt", row.receipt_hash)
    return []


def _today(uow: UnitOfWork, clock: Clock) -> date | None:
    """Give the furthest local day among the clinics, or nothing where there is no clinic."""
    return max((local_day(clock, zone) for zone in filing.zones(uow).values()), default=None)


def _is_due(uow: UnitOfWork, keyring: Keyring, today: date) -> bool:
    """Say whether today's filing was not done, or was begun and not ended: then more than one key is there."""
    made_on = filing.newest_key_made_on(uow)
    return made_on is None or made_on < today or len(list(pool_folder(keyring.folder).glob("*.key"))) > 1


def _open(keyring: Keyring, waiting: Iterable[WaitingAnswer]) -> tuple[list[_Opened], list[WaitingAnswer]]:
    """Open what can be opened, and give the rest as it is."""
    rows = list(waiting)
    keys = {key_id: read_pool_key(keyring.folder, key_id) for key_id in {row.key_id for row in rows}}
    opened, unreadable = [], []
    for row in rows:
        private = keys[row.key_id]
        if private is None:
            unreadable.append(row)
        else:
            plain = open_from_pool(private, row.sealed)
            opened.append(_Opened(row, AnonymousResponse.from_sealed(plain), plain))
    return opened, unreadable


def _rewrite(
    uow: UnitOfWork,
    clock: Clock,
    chance: Chance,
    *,
    opened: list[_Opened],
    left: Iterable[WaitingAnswer],
    key: tuple[str, bytes],
) -> None:
    """Write pool and anonymous rows anew, without what was withdrawn and without what was filed before."""
    filed = [response for response in filing.list_anonymous(uow) if not response.withdrawn]
    known = {response.receipt_hash for response in filed}
    fresh = [each for each in opened if each.row.receipt_hash not in known]
    waiting = Counter(each.row.clinic_id for each in fresh)
    months = {clinic: f"{local_day(clock, zone):%Y-%m}" for clinic, zone in filing.zones(uow).items()}
    resealed = list(left)
    for each in fresh:
        clinic = each.row.clinic_id
        if may_be_filed(each.content.month, this_month=months[clinic], waiting=waiting[clinic]):
            filed.append(each.content)
        else:
            sealed = seal_for_pool(key[1], each.plain)
            resealed.append(replace(each.row, key_id=key[0], sealed=sealed))
    filing.rewrite_waiting(uow, resealed)
    filing.rewrite_anonymous(uow, ((chance.text(ID_LENGTH), response) for response in filed))

"""Looking over an installation: for each thing it needs, whether it is in order, and if not, what to do.

Nothing is changed. What is said may name folders and days, never anything about a client, a case or an answer.
"""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from feedback import paths
from feedback.domain.clock import Clock
from feedback.domain.errors import DomainError, NotSent
from feedback.notices.mail import Mailer
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.clinic.clinics import list_clinics
from feedback.persistence.corruption import AFTER_DAMAGE
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.persistence.sharing import is_shared
from feedback.persistence.upkeep import examining, migrate
from feedback.security.key_files import key_mode
from feedback.security.key_uses import PURPOSES
from feedback.security.keyring import Keyring
from feedback.security.pool_access import account, look_at_pool
from feedback.security.sealed_box import has_submission_key
from feedback.services.figures.ledger_recovery import check_ledger
from feedback.services.upkeep.check_keys import check_keys
from feedback.services.upkeep.examine_provider import examine_provider
from feedback.settings import Settings

LEAST_FREE_BYTES: Final = 100 * 1024 * 1024
"""Below this the installation is not in order: SQLite needs room for its log, and the night for a second copy."""

_OWN_KEY: Final = 0o400

RUN_OVERDUE: Final = timedelta(days=2)
"""Two nights without due work mean that no timer runs."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found: `is_well`, one sentence, and the remedy when it is not well."""

    name: str
    is_well: bool
    said: str
    remedy: str = ""


Said = tuple[str, str]
"""A sentence, and the remedy: empty when all is well."""

Look = Callable[[Settings, Database, Clock], Said]
"""May raise a `DomainError`, whose message says both."""


def examine(settings: Settings, clock: Clock) -> Iterator[Found]:
    """Look at everything, one thing after the other; a look that fails does not keep the next from being taken."""
    with Database(settings.database_address) as database:
        for name, look in LOOKS.items():
            yield _take(name, look, settings, database, clock)


def _take(name: str, look: Look, settings: Settings, database: Database, clock: Clock) -> Found:
    try:
        said, remedy = look(settings, database, clock)
    except (DomainError, OSError) as error:
        return Found(name, is_well=False, said=" ".join(str(error).split()))
    return Found(name, is_well=not remedy, said=said, remedy=remedy)


def _address(settings: Settings, _database: Database, _clock: Clock) -> Said:
    host = urlsplit(settings.base_url).hostname or ""
    if settings.is_secure and not settings.trusted_proxies:
        return (
            f"{settings.base_url} is https, and no proxy is trusted.",
            "Set FEEDBACK_TRUSTED_PROXIES to how many proxies set X-Forwarded headers, usually 1.",
        )
    if not settings.is_secure and host not in {"localhost", "127.0.0.1", "::1"}:
        return (
            f"{settings.base_url} is not https: answers cross the network readable.",
            "Put a proxy with https in front (deploy/ has two) and set FEEDBACK_BASE_URL to its address.",
        )
    return f"{settings.base_url}, printed into every code.", ""


def _data(settings: Settings, _database: Database, _clock: Clock) -> Said:
    folder = settings.data_dir
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"{folder} is not there or cannot be written to.", "Make it, owned by the product's account, mode 0700."
    if is_shared(folder) and key_mode(settings.keys_dir) != _OWN_KEY:
        return f"{folder} is writable, and open to the account that does what is due and the web's.", ""
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"{folder} can be opened by other accounts.", f"Run: chmod 700 {folder}"
    return f"{folder} is writable, and closed to other accounts.", ""


def _keys(settings: Settings, database: Database, _clock: Clock) -> Said:
    keyring = Keyring.load(settings.keys_dir)
    folder = keyring.folder.resolve()
    if folder.is_relative_to(settings.data_dir.resolve()):
        return (
            f"{folder} lies inside the data folder: whoever copies that has the keys as well.",
            "Move it elsewhere and set FEEDBACK_KEYS_DIR.",
        )
    if database.file is None or database.file.exists():
        with examining.asking(database) as uow:
            check_keys(uow, keyring)
    whom = "nobody else" if key_mode(folder) == _OWN_KEY else "the account they belong to and its group alone"
    return f"All {len(PURPOSES)} keys are in {folder}, whole and readable by {whom}.", ""


def _accounts(settings: Settings, _database: Database, _clock: Clock) -> Said:
    pool_keys = look_at_pool(settings.keys_dir)
    if not pool_keys.is_closed:
        return f"{pool_keys.folder} can be opened by other accounts.", f"Run: chmod 700 {pool_keys.folder}"
    if pool_keys.warning:
        return pool_keys.warning, ""
    if not pool_keys.owner:
        return "There are no private keys of the pool yet.", ""
    return f"Two accounts: {account()} cannot read {pool_keys.folder}, which belongs to {pool_keys.owner}.", ""


def _shape(_settings: Settings, database: Database, _clock: Clock) -> Said:
    migrate.check_current(database, paths.migrations())
    return f"{database.shown} has this version's shape, revision {migrate.current(database)}.", ""


def _content(_settings: Settings, database: Database, _clock: Clock) -> Said:
    damage = examining.find_damage(database) or (database.damage.said if database.damage else "")
    if damage:
        return f"The database is damaged, and nothing is saved any more: {damage}.", AFTER_DAMAGE
    with examining.asking(database) as uow:
        orphan, remembers = examining.find_orphan(uow), examining.remembers_commits(uow)
    if orphan:
        return f"The database is not in order: {orphan}.", AFTER_DAMAGE
    if remembers:
        return (
            "PostgreSQL keeps the time of every commit (track_commit_timestamp).",
            "Switch it off: it would tell when each answer came in.",
        )
    return "Its pages and indexes are whole.", ""


def _clock(_settings: Settings, database: Database, clock: Clock) -> Said:
    with examining.asking(database) as uow:
        newest = examining.newest_instant(uow)
    if newest is not None and newest > clock.now() + timedelta(minutes=5):
        return (
            f"The clock says {clock.now():%d %B %Y %H:%M} UTC, and the database knows a later moment.",
            "Set the clock. Codes would live too long.",
        )
    return f"{clock.now():%d %B %Y %H:%M} UTC, and nothing in the database is later.", ""


def _disk(settings: Settings, _database: Database, _clock: Clock) -> Said:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        return f"{free // 2**20:,} MB are free.", f"Make room: at least {LEAST_FREE_BYTES // 2**20} MB."
    return f"{free // 2**20:,} MB are free.", ""


def _clinic(_settings: Settings, database: Database, _clock: Clock) -> Said:
    with examining.asking(database) as uow:
        clinics = list_clinics(uow)
    if not clinics:
        return "There is no clinic yet.", "Run: feedback init --help"
    lacking = [clinic.name for clinic in clinics if not clinic.may_issue_codes()]
    if lacking:
        return (
            f"{', '.join(lacking)}: no code can be given out before help numbers and a second contact are set.",
            "The clinic admin enters them in the settings.",
        )
    return f"{', '.join(clinic.name for clinic in clinics)}: help numbers and a second contact are set.", ""


def _due_work(settings: Settings, database: Database, clock: Clock) -> Said:
    with examining.asking(database) as uow:
        key, done_on = sealed_submissions.newest_submission_key(uow), sealed_submissions.rewritten_on(uow)
    if key is None or done_on is None:
        return (
            "Nothing can be sent without the therapist seeing it: there is no key to seal it to.",
            "Run: feedback run-due",
        )
    access = look_at_pool(settings.keys_dir)
    if (access.is_readable or not access.owner) and not has_submission_key(settings.keys_dir, key[0]):
        return (
            "The private key of sealed answers is not here.",
            "Run feedback run-due on the host that has it, or see feedback file-pool --help.",
        )
    if clock.now().date() - done_on > RUN_OVERDUE:
        return (
            f"Due work was last done on {done_on:%d %B %Y}.",
            "Run: feedback run-due, and let a timer do it every night.",
        )
    return f"Due work was last done on {done_on:%d %B %Y}.", ""


def _figures(settings: Settings, database: Database, _clock: Clock) -> Said:
    journal = Journal(settings.data_dir / "journal")
    with examining.asking(database) as uow:
        clinics = list_clinics(uow)
        heads = [check_ledger(uow.within(clinic.id), journal) for clinic in clinics]
    if any(heads) and not journal.is_begun:
        return "The journal of published figures is missing.", "Give a copy back with: feedback release import FILE"
    return "The ledger of published figures is whole." if any(heads) else "No figures are published yet.", ""


def _mail(settings: Settings, _database: Database, _clock: Clock) -> Said:
    if not settings.smtp_url:
        return "No mail is sent, because no mail server is set.", ""
    if not settings.mail_from:
        return "There is a mail server and no sender.", "Set FEEDBACK_MAIL_FROM."
    try:
        Mailer(settings.smtp_url, settings.mail_from).check()
    except NotSent as error:
        return str(error), "Check FEEDBACK_SMTP_URL: host, port, account and password."
    return f"The mail server answers; notices come from {settings.mail_from}.", ""


LOOKS: Final[dict[str, Look]] = {
    "address": _address,
    "data folder": _data,
    "keys": _keys,
    "accounts": _accounts,
    "database": _shape,
    "content": _content,
    "clock": _clock,
    "disk": _disk,
    "clinic": _clinic,
    "due work": _due_work,
    "figures": _figures,
    "mail": _mail,
    "sign-in": examine_provider,
}

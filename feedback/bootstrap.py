"""Joins what an installation is made of: settings, database, keys, time and chance, in one frozen object."""

from dataclasses import dataclass, field

from feedback import paths
from feedback.domain.care import Chance
from feedback.domain.clock import Clock, SystemClock
from feedback.domain.figures.release import Rule
from feedback.domain.figures.rule import STRICT, USUAL
from feedback.domain.limits import PASSWORD_HASHES, PROVIDER_CALLS
from feedback.notices.mail import Mailer
from feedback.persistence.database import Database
from feedback.persistence.figures.journal import Journal
from feedback.persistence.sharing import share
from feedback.persistence.upkeep.migrate import upgrade
from feedback.security.access_codes import SystemChance
from feedback.security.credentials import Passwords
from feedback.security.fair_turns import FairTurns
from feedback.security.keyring import Keyring
from feedback.security.rate_limit import RateLimiter
from feedback.services.clinic.keep_instruments import keep_instruments
from feedback.services.upkeep.make_keys import make_keys
from feedback.settings import Settings


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything a surface or a command hands to the services; what it counts of guesses lives as long as it does."""

    settings: Settings
    database: Database
    keyring: Keyring
    passwords: Passwords
    clock: Clock
    chance: Chance
    limiter: RateLimiter = field(default_factory=RateLimiter, compare=False)
    hashing: FairTurns = field(default_factory=lambda: FairTurns(PASSWORD_HASHES), compare=False)
    provider_calls: FairTurns = field(default_factory=lambda: FairTurns(PROVIDER_CALLS), compare=False)

    @property
    def journal(self) -> Journal:
        """Return the journal in the data folder."""
        return Journal(self.settings.data_dir / "journal")

    @property
    def mailer(self) -> Mailer | None:
        """Return what sends notices, where the settings name a mail server and a sender."""
        settings = self.settings
        return Mailer(settings.smtp_url, settings.mail_from) if settings.smtp_url and settings.mail_from else None

    @property
    def rule(self) -> Rule:
        """Return the rule that figures are published under."""
        return STRICT if self.settings.strict_figures else USUAL


def open_installation(settings: Settings, *, clock: Clock | None = None, chance: Chance | None = None) -> Installation:
    """Open an existing installation. Raises `KeysWrong` when its keys are not in order."""
    return Installation(
        settings=settings,
        database=Database(settings.database_address),
        keyring=Keyring.load(settings.keys_dir),
        passwords=Passwords(),
        clock=clock or SystemClock(),
        chance=chance or SystemChance(),
    )


def make_installation(settings: Settings, *, clock: Clock | None = None, chance: Chance | None = None) -> Installation:
    """Make what is missing, folders, keys and tables, and open it. Safe to run again.

    Raises `KeysWrong` where keys are missing and there is a database: new ones could not read it.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Database(settings.database_address) as database:
        make_keys(database, settings.keys_dir)
    installation = open_installation(settings, clock=clock, chance=chance)
    try:
        upgrade(installation.database, paths.migrations())
        if installation.database.file is not None:
            share(installation.database.file)
        with installation.database.writing(None) as uow:
            keep_instruments(uow)
    except BaseException:
        installation.database.close()
        raise
    return installation

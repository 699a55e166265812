"""The small clinic with an organisation's sign-in beside it, and what people do there."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from feedback.domain.care import Staff
from feedback.domain.clock import FixedClock
from feedback.persistence.audit import list_records
from feedback.security.provider.oidc_identity import Vouched, identity_hash
from feedback.services.accounts.link_identity import link_identity
from tests.support.authenticator import PHRASE
from tests.support.desk import Desk
from tests.support.hostile_provider import CLIENT_ID, SECRET, Provider
from tests.support.world import World


@dataclass
class Organisation:
    """A clinic whose staff may sign in through `provider`."""

    world: World
    provider: Provider

    def set(self, **settings: Any) -> "Organisation":
        """The same clinic with other settings."""
        it = self.world.installation
        named = {"oidc_issuer": self.provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": SECRET}
        moved = replace(it, settings=it.settings.model_copy(update=named | settings))
        return Organisation(replace(self.world, installation=moved), self.provider)

    def later(self, **passed: float) -> "Organisation":
        """The same clinic and provider after some time."""
        clock = FixedClock(self.world.installation.clock.now() + timedelta(**passed))
        self.provider.clock = clock
        moved = replace(self.world, installation=replace(self.world.installation, clock=clock))
        return Organisation(moved, self.provider)

    def browser(self, person: Staff | None = None) -> Desk:
        """A browser, with somebody signed in or nobody."""
        return Desk(self.world, person)

    def links(self, person: Staff, subject: str = "somebody-1", world: World | None = None) -> None:
        """Somebody's account is linked."""
        it, clinic = self.world.installation, world or self.world
        hashed = identity_hash(it.keyring, Vouched(self.provider.issuer, subject, None, frozenset()))
        with clinic.writing() as uow:
            link_identity(uow, it.clock, it.keyring, journal=it.journal, staff=person, hashed=hashed)

    def goes(self, desk: Desk, path: str = "/sign-in/provider", **query: Any) -> str:
        """Somebody leaves for the provider; gives the address they are sent to."""
        answer = desk.opens(path, **query)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def signs_in(self, desk: Desk, **query: Any) -> TestResponse:
        """Somebody leaves for the provider, signs in there, and is sent back."""
        return desk.opens(self.provider.comes_back(self.goes(desk, **query)))

    def refusals(self) -> list[str]:
        """Return what the audit log says was refused, in order."""
        return [record.subject for record in self.log() if record.action == "provider.refused"]

    def log(self) -> Any:
        """Return the clinic's audit log."""
        with self.world.reading() as uow:
            return list_records(uow)


def is_signed_in(desk: Desk) -> bool:
    """Return whether a browser has a session that opens something."""
    return desk.opens("/account").status_code == 200


def actions(organisation: Organisation) -> list[str]:
    """What the clinic's log says was done, oldest first."""
    return [record.action for record in organisation.log()]


def way_on(page: str) -> str:
    """The address of the provider on the page that says what linking means."""
    return page.partition('class="b broad" href="')[2].partition('"')[0].replace("&amp;", "&")


def ticket_of(page: TestResponse) -> str:
    """What a page of signing in carries to the next one."""
    return page.text.partition('name="ticket" value="')[2].partition('"')[0]


def types_the_password(desk: Desk, person: Staff) -> TestResponse:
    """Sign in as without an organisation."""
    return desk.http.post("/sign-in", base_url="https://hl.example", data={"email": person.email, "password": PHRASE})

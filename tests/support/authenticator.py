"""An authenticator app in somebody's pocket, and the account that knows it."""

from dataclasses import dataclass, replace

from feedback.domain.care import Staff
from feedback.persistence.tenant_lookup import add_lookup, clinics_behind
from feedback.security.totp import code_at, draw_seed, step_at
from feedback.services.accounts.set_up_second_step import set_up_app
from feedback.services.accounts.sign_in import email_hash
from tests.support.world import World

PHRASE = "seven quiet otters swim"


@dataclass(frozen=True)
class App:
    """A phone with a seed in it, whose clock is the clinic's; beside it the recovery codes on paper."""

    world: World
    seed: str
    recovery_codes: tuple[str, ...] = ()

    def shows(self, steps: int = 0) -> str:
        """What it shows now, or some half-minutes later or earlier."""
        return code_at(self.seed, step_at(self.world.installation.clock.now()) + steps)


def hires_with_both_steps(world: World, **changes: str) -> tuple[Staff, App]:
    """Somebody who has taken up the invitation: a password, `PHRASE`, an app whose last code was used, and codes."""
    it = world.installation
    plain = {"id": "mika", "email": "mika@example.org", "password_hash": it.passwords.hash(PHRASE)}
    person = world.hire(replace(world.therapist, **(plain | changes)))
    app = App(world, draw_seed(it.chance))
    with world.writing() as uow:
        hashed = email_hash(it.keyring, person.email)
        if world.clinic.id not in clinics_behind(uow, "email", hashed):
            add_lookup(uow, "email", hashed)
        codes = set_up_app(
            uow,
            it.clock,
            it.keyring,
            it.chance,
            journal=it.journal,
            staff=person,
            seed=app.seed,
            code=app.shows(-1),
            replaces=False,
        )
    return person, replace(app, recovery_codes=codes)

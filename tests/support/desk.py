"""A member of staff at the desk: a browser that is signed in, over the strict test client."""

import re
from typing import Any

from werkzeug.test import TestResponse

from feedback.domain.care import Staff
from feedback.services.accounts.keep_signed_in import start_session
from feedback.web import create_app
from tests.support.html import StrictClient
from tests.support.world import World

BASE = "https://hl.example"
TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


class Desk:
    """A browser of the staff. Without a person, nobody is signed in yet. `strict` looks at each page's HTML."""

    def __init__(self, world: World, person: Staff | None = None, *, strict: bool = True) -> None:
        app = create_app(world.installation)
        app.test_client_class = StrictClient if strict else None
        self.http = app.test_client()
        self.secret = ""
        if person is not None:
            self._enter(world, person)

    def _enter(self, world: World, person: Staff) -> None:
        it = world.installation
        with world.writing() as uow:
            cookie = start_session(uow, it.clock, it.keyring, it.chance, staff=person)
        self.http.set_cookie("__Host-feedback", cookie, domain="hl.example", secure=True)
        self.secret = it.keyring.hash("staff-pages", "csrf", cookie).hex()

    def opens(self, path: str, **query: Any) -> TestResponse:
        """Open a page."""
        return self.http.get(path, base_url=BASE, query_string=query or None)

    def sends(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with this session's own token, unless another is given."""
        return self.http.post(path, base_url=BASE, data={"csrf_token": self.secret} | fields)


def a_desk(world: World) -> Desk:
    """The desk of the suite's therapist."""
    return Desk(world, world.therapist)

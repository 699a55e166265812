"""Somebody who meets the pages of clients on purpose, and remembers what was asked for and drawn."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, template_rendered
from werkzeug.test import TestResponse

from feedback.persistence.accounts import accounts
from feedback.persistence.clinic import clinics
from feedback.services.codes.issue_access_code import ShownCode
from feedback.web import create_app
from tests.support.phone import NONCE, SEVENS
from tests.support.world import World

BLANK_FORM = "intake/form.html"
"""What was seen when nothing was drawn: an untouched form is drawn once and kept."""


class Walker:
    """Somebody who meets every page on purpose: the application of a world, and what each address carries along."""

    def __init__(self, world: World, carried: Mapping[str, str], *, on_tablet: bool = False) -> None:
        self.world = world
        self.on_tablet = on_tablet
        self.carried = carried
        self.app: Flask = create_app(world.installation)
        self.http = self.app.test_client(use_cookies=False)
        self.templates: set[str] = set()
        self.last_drawn = BLANK_FORM
        self.rules: set[str] = set()
        template_rendered.connect(self._drawn, self.app)
        self.app.before_request(self._asked)

    def gets(self, path: str, **more: Any) -> TestResponse:
        """Open an address."""
        return self.http.get(self._carrying(path), **more)

    def posts(self, path: str, **more: Any) -> TestResponse:
        """Send fields to an address."""
        return self.http.post(self._carrying(path), **more)

    def code(self, day: str = "2026-03-02", *, card: bool = False) -> ShownCode:
        """A code of a new case, or its card."""
        there = self.world.on(day)
        case = there.opens_a_case()
        return there.shows_a_code(case, None if card else there.meets(case))

    def opens(self, code: ShownCode) -> TestResponse:
        """Open the form, on a tablet in a visit of its own."""
        if self.on_tablet:
            return self.follows(self.posts("/k/harbour1", data={"code": code.typed}))
        return self.gets(f"/F/{code.token}")

    def nonce(self, code: ShownCode, day: str = "2026-03-02") -> str:
        """Open the form, on a day, and give its key; nothing where there is no form."""
        with self.on(day):
            found = NONCE.search(self.opens(code).text)
        return found[1] if found else ""

    def follows(self, answer: TestResponse) -> TestResponse:
        """Go where an answer leads, if it leads anywhere."""
        return self.http.get(answer.location) if answer.status_code == 303 else answer

    def sends(self, code: ShownCode, audience: str | None = "therapist", **answers: Any) -> TestResponse:
        """Answer sevens but for what is named, and send; an answer of None is left blank."""
        usual = SEVENS if "easy" not in self.carried else SEVENS | dict.fromkeys(set(SEVENS) - {"off"}, "3")
        filled = usual | {"audience": audience} | answers
        data = {name: value for name, value in filled.items() if value is not None}
        if not self.on_tablet:
            return self.posts(f"/F/{code.token}", data={"nonce": self.nonce(code)} | data)
        answer = self.http.post(self.opens(code).request.full_path, data=data)
        return self.follows(answer) if "/form/" in (answer.location or "") else answer

    def changes_the_clinic(self, **changes: Any) -> None:
        """The clinic admin changes a setting."""
        with self.world.writing() as uow:
            clinics.save_clinic(uow, replace(self.world.clinic, **changes))

    def disables(self, staff_id: str, on: date | None) -> None:
        """Somebody's account is disabled from a day on, or given back."""
        with self.world.writing() as uow:
            accounts.set_disabled(uow, staff_id, on)

    @contextmanager
    def on(self, day: str) -> Iterator[None]:
        """Do what follows on another day."""
        before = self.app.extensions["feedback"]
        self.app.extensions["feedback"] = self.world.on(day).installation
        try:
            yield
        finally:
            self.app.extensions["feedback"] = before

    def _carrying(self, path: str) -> str:
        missing = {name: value for name, value in self.carried.items() if f"{name}=" not in path}
        return f"{path}{'&' if '?' in path else '?'}{urlencode(missing)}" if missing else path

    def _drawn(self, _app: Flask, template: Any, **_more: Any) -> None:
        self.templates.add(template.name)
        self.last_drawn = template.name

    def _asked(self) -> None:
        if request.url_rule is not None:
            self.rules.add(request.url_rule.rule)

"""Who may enter where, of the whole application: read off what each route declares beside itself.

A route of the staff that declares nothing is never served: the application refuses to start. `docs/roles.md` is
written from this table, and `tests/web/test_access.py` walks it with every role.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from feedback.domain.care import Role
from feedback.web.surfaces import STAFF_BLUEPRINTS

OPEN_BLUEPRINTS = frozenset({"intake", "health"})
"""Surfaces that anybody may enter: a client has no account, and a monitor has none either."""

_NEVER_MEANT = frozenset({"HEAD", "OPTIONS"})


class UndeclaredRoute(Exception):
    """A route does not say who may enter. Always a programming error."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address by one method. `admits` is empty where anybody may enter; `does` is the view's own first sentence.

    `opens_answers` where the page can show what a client sent to their therapist.
    """

    rule: str
    method: str
    admits: frozenset[Role]
    does: str
    is_staff: bool
    opens_answers: bool


def policy_of(app: Flask) -> tuple[Entry, ...]:
    """Return every entry by address and method. Raises `UndeclaredRoute`."""
    found = (entry for rule in app.url_map.iter_rules() for entry in _entries(app, rule))
    return tuple(sorted(found, key=lambda entry: (entry.rule, entry.method)))


def _entries(app: Flask, rule: Rule) -> Iterator[Entry]:
    view = app.view_functions[rule.endpoint]
    surface = rule.endpoint.rpartition(".")[0]
    is_open = surface in OPEN_BLUEPRINTS or rule.endpoint == "static"
    admits: frozenset[Role] | None = getattr(view, "admits", frozenset() if is_open else None)
    if admits is None:
        raise UndeclaredRoute(f"{rule.rule} does not say who may enter: put @requires(…) or @public on its view.")
    does = (view.__doc__ or "").partition("\n")[0].strip()
    for method in sorted((rule.methods or set()) - _NEVER_MEANT):
        opens = bool(getattr(view, "opens_answers", False))
        yield Entry(rule.rule, method, admits, does, surface in STAFF_BLUEPRINTS, opens)

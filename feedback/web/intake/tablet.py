"""The cookie by which a shared tablet is known again: a random id that means nothing and opens nothing.

Only a tablet's pages set it. An id in the address would not do: whoever typed the address of the start page, or opened
it from a bookmark, would be at a new tablet, and the visit before would go on.
"""

import re
from contextlib import suppress

from flask import request
from werkzeug.wrappers import Response

from feedback.domain.care import CROCKFORD
from feedback.domain.errors import NotSaved
from feedback.services.answers.tablet_visit import end_any_visit, has_visit
from feedback.web.surfaces import here

_ID_LENGTH = 26
_WELL_FORMED = re.compile(f"[{CROCKFORD}]{{{_ID_LENGTH}}}")


def known_tablet() -> str:
    """Return the id that this browser brings; nothing where it brings none, or none that we could have drawn."""
    brought = request.cookies.get(_name(), "")
    return brought if _WELL_FORMED.fullmatch(brought) else ""


def new_tablet() -> str:
    """Draw an id: 130 random bits."""
    return here().chance.text(_ID_LENGTH)


def keep_tablet(response: Response, tablet: str) -> None:
    """Let the browser keep its id until it is closed, where it does not already."""
    if tablet != known_tablet():
        is_secure = here().settings.is_secure
        response.set_cookie(_name(), tablet, secure=is_secure, httponly=True, samesite="Lax", path="/")


def end_any_visit_here(response: Response) -> None:
    """End the visit that goes on at this tablet, if one does; a tablet that is new is given its id.

    Where nothing can be saved just now, the time of that visit still ends it.
    """
    it, tablet = here(), known_tablet()
    if not tablet:
        keep_tablet(response, new_tablet())
        return
    with it.database.reading(None) as uow:
        is_to_end = has_visit(uow, it.keyring, tablet=tablet)
    if is_to_end:
        with suppress(NotSaved), it.database.writing(None) as uow:
            end_any_visit(uow, it.keyring, tablet=tablet)


def _name() -> str:
    return "__Host-feedback-tablet" if here().settings.is_secure else "feedback_tablet"

"""Who may enter: every route says so beside itself, and a test walks the address map to see that each one does."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.web.staff_session import SignedIn, signed_in
from feedback.web.surfaces import here

P = ParamSpec("P")
R = TypeVar("R")

NOT_HERE = "There is nothing here at this address, or it is not yours to open."
"""One sentence for what does not exist and for what belongs to somebody else, so that it tells neither."""


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that anybody may enter."""
    view.admits = frozenset()  # type: ignore[attr-defined]  # read by the access test
    return view


def requires(
    *roles: Role, unfinished: bool = False, just_confirmed: bool = False
) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Declare that only these roles may enter; every role of staff when none is named.

    Nobody signed in: to the sign-in page, and back afterwards. Without a second step: to the page that sets it up,
    which is itself the one that admits the `unfinished`. `just_confirmed`: both steps are asked for again unless they
    were shown within ten minutes. Another role: the same 404 as for what is not there.
    """
    admitted = frozenset(roles or Role)

    def declare(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            who = signed_in()
            if who is None:
                return _to("account.sign_in")
            if not who.is_complete and not unfinished:
                return redirect(url_for("account.second_step"), 303)
            if who.staff.role not in admitted:
                raise NotFound(NOT_HERE)
            if who.is_complete and just_confirmed and not who.has_just_confirmed(here().clock):
                return _to("account.confirm")
            return view(*args, **kwargs)

        guarded.admits = admitted  # type: ignore[attr-defined]  # read by the access test
        return guarded

    return declare


class ReadNotLogged(Exception):
    """A page that can show answers was drawn without a read in the audit log. Always a programming error."""


def opens_answers(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare that a view can show what a client sent: whoever may enter must be named in the form's sentence.

    Whatever the method, a page is given out only once `g.read_logged` says that who read is in the audit log.
    Raises `ReadNotLogged`.
    """

    @wraps(view)
    def logged(*args: P.args, **kwargs: P.kwargs) -> Any:
        answer = view(*args, **kwargs)
        if not _leads_on(answer) and not g.get("read_logged"):
            raise ReadNotLogged(view.__name__)
        return answer

    logged.opens_answers = True  # type: ignore[attr-defined]  # read by `disclosure_check`
    return logged


def _leads_on(answer: Any) -> bool:
    """Return whether an answer is a redirect, which shows nothing itself."""
    return isinstance(answer, Response) and 300 <= answer.status_code < 400


def me() -> SignedIn:
    """Return who is signed in, on a route that requires it."""
    who = signed_in()
    if who is None:
        raise NotFound(NOT_HERE)
    return who


def _to(endpoint: str) -> Response:
    """Lead to a page that has to come first, and from there back to the one that was asked for."""
    wanted = request.full_path.rstrip("?") if request.method != "POST" else None
    return redirect(url_for(endpoint, next=wanted), 303)

"""Who may enter: every route says so beside itself, and a test walks the address map to see that each one does."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from feedback.domain.care import Role
from feedback.domain.errors import NotFound
from feedback.web.staff_session import SignedIn, signed_in

P = ParamSpec("P")
R = TypeVar("R")

NOT_HERE = "There is nothing here at this address, or it is not yours to open."
"""One sentence for what does not exist and for what belongs to somebody else, so that it tells neither."""


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare that anybody may enter."""
    view.admits = frozenset()  # type: ignore[attr-defined]  # read by the access test
    return view


def requires(*roles: Role) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Declare that only these roles may enter; every role of staff when none is named.

    Nobody signed in: to the sign-in page, and back afterwards. Another role: the same 404 as for what is not there.
    """
    admitted = frozenset(roles or Role)

    def declare(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            who = signed_in()
            if who is None:
                return _to_sign_in()
            if who.staff.role not in admitted:
                raise NotFound(NOT_HERE)
            return view(*args, **kwargs)

        guarded.admits = admitted  # type: ignore[attr-defined]  # read by the access test
        return guarded

    return declare


def me() -> SignedIn:
    """Give who is signed in, on a route that requires it."""
    who = signed_in()
    if who is None:
        raise NotFound(NOT_HERE)
    return who


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=wanted), 303)

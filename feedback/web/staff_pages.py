"""What every staff page shows around its content: the clinic, who is signed in, and where they may go."""

from typing import Any

from flask import request

from feedback.domain.care import Role
from feedback.domain.errors import NotReachable
from feedback.web.assets import asset
from feedback.web.staff_session import signed_in

NAVIGATION: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.THERAPIST: (
        ("/dashboard", "Sessions"),
        ("/cases", "Cases"),
        ("/clinic/releases", "Clinic figures"),
        ("/account", "Account"),
    ),
    Role.SUPERVISOR: (("/shared", "Shared with you"), ("/clinic/releases", "Figures"), ("/account", "Account")),
    Role.DESK: (
        ("/desk", "Hand out a code"),
        ("/sheet", "A sheet of codes"),
        ("/poster", "Poster"),
        ("/account", "Account"),
    ),
    Role.AUDITOR: (("/clinic/audit", "Audit log"), ("/clinic/releases", "Figures"), ("/account", "Account")),
    Role.CLINIC_ADMIN: (
        ("/clinic", "Clinic"),
        ("/clinic/releases", "Figures"),
        ("/clinic/staff", "People"),
        ("/clinic/settings", "Settings"),
        ("/account", "Account"),
    ),
}


def home_of(role: Role) -> str:
    """Return the address a role starts from."""
    return navigation_of(role)[0][0]


def navigation_of(role: Role) -> tuple[tuple[str, str], ...]:
    """Return a role's pages: address and name."""
    return NAVIGATION.get(role, (("/account", "Account"),))


def staff_context() -> dict[str, Any]:
    """Return the templates of staff pages what their frame needs.

    The page that says the database is away is drawn as for nobody: it must not fail of the same cause.
    """
    try:
        who = signed_in()
    except NotReachable:
        who = None
    return {
        "asset": asset,
        "who": who,
        "navigation": navigation_of(who.staff.role) if who and who.is_complete else (),
        "here": request.path,
    }

"""The admin's first page: whether the clinic is ready for its clients."""

from flask import render_template

from feedback.domain.care import Role
from feedback.web.access import requires


@requires(Role.CLINIC_ADMIN)
def show() -> str:
    """Say what is still missing before the first code, and what this role sees."""
    return render_template("clinic/home.html")

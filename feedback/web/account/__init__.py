"""Staff accounts in the browser: signing in and out, taking up an invitation, one's own account."""

from feedback.web.account.blueprint import blueprint

__all__ = ["blueprint"]

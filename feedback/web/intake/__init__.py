"""What a client meets: the form, the thank-you, taking an answer back, and someone else to talk to."""

from flask import Blueprint

intake = Blueprint("intake", __name__)

from feedback.web.intake import code, form, help_page, kiosk, preview, thanks, withdraw  # noqa: E402, F401  each adds its routes

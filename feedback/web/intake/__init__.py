"""What a client meets: the form, the thank-you, taking an answer back, and someone else to talk to."""

from flask import Blueprint

intake = Blueprint("intake", __name__)

# ruff: noqa: E402, F401  each module adds its routes to the blueprint
from feedback.web.intake import code, form, help_page, kiosk, preview, tablet_form, tablet_thanks, thanks, withdraw

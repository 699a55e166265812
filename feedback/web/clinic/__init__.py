"""The clinic admin's surface: people and settings. No case, no answer and no figure is to be found here."""

from feedback.web.clinic.blueprint import blueprint

__all__ = ["blueprint"]

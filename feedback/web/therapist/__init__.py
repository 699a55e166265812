"""The therapist's desk: possible ruptures first, then cases, therapy sessions and codes."""

from feedback.web.therapist.blueprint import blueprint

__all__ = ["blueprint"]

"""Rapport: a short form after a therapy session, and a word to the therapist when something may have gone wrong."""

__version__ = "0.1.0"

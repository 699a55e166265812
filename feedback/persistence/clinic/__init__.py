"""Rows of clinics: their settings and their questionnaires."""

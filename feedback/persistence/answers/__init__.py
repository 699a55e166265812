"""Rows of answers: those a therapist reads, those that wait sealed, those that are only counted."""

"""The therapist's own desk: what is new, what is worth a talk, and figures for oneself."""

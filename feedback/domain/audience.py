"""Who reads a response: the client's own choice, made by which button they press."""

from enum import StrEnum


class Audience(StrEnum):
    """`therapist`: the therapist of the case reads it. `totals`: nobody does, it is only counted."""

    THERAPIST = "therapist"
    TOTALS = "totals"

"""Who reads a response: the client's own choice, made by which button they press."""

from enum import StrEnum


class Audience(StrEnum):
    """`therapist`: the therapist of the case reads it. `in-totals`: nobody does, it is only counted.

    Both values are equally long, so that a request does not tell by its length which button was pressed.
    """

    THERAPIST = "therapist"
    TOTALS = "in-totals"

    @classmethod
    def of(cls, posted: str | None) -> "Audience | None":
        """Return the audience of a button, also of a form opened before both values had one length; else nothing."""
        known = {each.value: each for each in cls} | {"totals": cls.TOTALS}
        return known.get(posted or "")

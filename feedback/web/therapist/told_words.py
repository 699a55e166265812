"""What clients told outright, in words: the form's own where there are some, and never more than was said."""

from collections.abc import Mapping, Sequence

from feedback.domain.instrument import Instrument
from feedback.domain.repair import ClientWord
from feedback.domain.told import ToldKind
from feedback.web.therapist import wording


def told_in_words(
    instrument: Instrument, kinds: Sequence[ToldKind], choices: Mapping[str, tuple[str, ...]], name: str
) -> tuple[str, ...]:
    """Say what a client told outright, in the words of the form; that they wrote something only where that is new."""
    said = []
    if ToldKind.WROTE in kinds:
        said.append("Wrote something you have not read yet.")
    off = choices.get(instrument.detector.direct_item or "", ())
    if off and off != ("no",):
        said.append(f"Something felt off: {wording.felt_off(instrument, choices).lower()}.")
    if wished := next(iter(choices.get("wish", ())), None):
        said.append(f"“{wording.wish(instrument, wished, name)}.”")
    if ToldKind.WOULD_STILL_LIKE_TO_TALK in kinds:
        said.append(f"Whether you two have talked: “{wording.CLIENT_WORD[ClientWord.WOULD_LIKE]}”")
    if ToldKind.CHANGED in kinds:
        said.append("Changed by the client after it was marked. Please mark it anew.")
    return tuple(said)


LINE = 200
"""Characters of a comment below the first ones, where many are unread: its beginning, with a link to the rest."""


def beginning(comment: str, most: int = 600) -> str:
    """Return a comment whole, or its beginning at the end of a word where it is long."""
    if len(comment) <= most:
        return comment
    return f"{comment[:most].rsplit(maxsplit=1)[0]} …"


def waits(kinds: Sequence[ToldKind]) -> str:
    """Say in two or three words what waits in a session: words nobody has read before a wish."""
    if ToldKind.WROTE in kinds:
        return "wrote something, not read yet"
    if ToldKind.CLEAR_YES in kinds:
        return "a clear “Yes”"
    return "changed after it was marked" if kinds == (ToldKind.CHANGED,) else "a wish to talk"

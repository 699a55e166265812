"""Words that somebody typed, made fit to be kept and shown: the same characters to every reader."""

import unicodedata

_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\t": " "}


def plain_text(typed: str) -> str:
    """Return text in NFC, without control characters, bidi overrides, lone surrogates and noncharacters.

    Line ends become one kind, a tab a blank, and white space at both ends goes. Everything else stays: marks that
    letters of a language need, joiners within emoji, and the direction marks that right-to-left writing uses.
    """
    for end, plain in _LINE_ENDS.items():
        typed = typed.replace(end, plain)
    return unicodedata.normalize("NFC", "".join(filter(_is_kept, typed))).strip()


def _is_kept(sign: str) -> bool:
    point = ord(sign)
    is_nonchar = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    is_control = sign != "\n" and unicodedata.category(sign) in {"Cc", "Cs"}
    return not (is_nonchar or is_control or sign in _DIRECTION_OVERRIDES)


def runs_right_to_left(text: str) -> bool:
    """Return whether text holds letters of a script that is written from right to left."""
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in text)

"""Text in cells: never a formula, whatever somebody called a team.

OWASP, CSV injection: a cell that a spreadsheet would take for a formula begins with one of these characters, also
behind blanks and in their full-width forms.
"""

_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_BLANKS = " \u00a0\u3000\u200b\ufeff"
SUPPRESSED = "[c]"
"""Stands in the place of a number that is not given: *confidential*, as statistical offices mark it."""


def neutral(text: str) -> str:
    """Return text that a spreadsheet shows as it is: where it might calculate, an apostrophe is put before it."""
    return f"'{text}" if text.lstrip(_BLANKS)[:1] in _STARTS and text.strip(_BLANKS) else text

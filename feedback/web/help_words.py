"""Words of the countries' help numbers that are not names, so that a client reads them in their own language."""

from feedback.web.i18n import gettext, gettext_noop

KNOWN = frozenset(
    {
        gettext_noop("In danger"),
        gettext_noop("To talk"),
        gettext_noop("Need to talk?"),
        gettext_noop("Suicide and crisis lifeline"),
        gettext_noop("Suicide crisis helpline"),
        gettext_noop("111, then 2"),
        gettext_noop("112 or 144"),
        gettext_noop("112 or 999"),
        gettext_noop("113 or 0800 0113"),
    }
)
"""Every purpose and every way of saying a number in the presets, but for names such as Samaritans and plain digits."""


def known(text: str) -> str:
    """Say words of a clinic's help numbers in the language of this request; what a clinic wrote itself stays."""
    return gettext(text) if text in KNOWN else text

"""The key in a form: its nonce, one for each time it is shown."""

from feedback.security.receipts import make_nonce
from feedback.web.surfaces import here

NONCE_LENGTH = 46


def filler() -> str:
    """Return what holds the place of a key while a page is drawn."""
    return "\x01" * NONCE_LENGTH


def new_key(token: str, sentence: int) -> str:
    """Return a key for a form of this code that shows a version of the who-reads sentence."""
    return make_nonce(here().keyring, here().chance, token, sentence)

"""The key in a form: its nonce, one for each time it is shown."""

from feedback.services.answers.issue_form_key import issue_form_key
from feedback.web.rate_limit import origin_here
from feedback.web.surfaces import here

NONCE_LENGTH = 46


def filler() -> str:
    """Return what holds the place of a key while a page is drawn."""
    return "\x01" * NONCE_LENGTH


def new_key(token: str, sentence: int) -> str:
    """Return a key for a form of this code that shows a version of the who-reads sentence. Raises `TooManyForms`."""
    it = here()
    return issue_form_key(
        it.clock, it.keyring, it.chance, token=token, sentence=sentence, limiter=it.limiter, origin=origin_here()
    )

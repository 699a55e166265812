"""Pages that take seconds of the processor: bounded for each account and in all, so that forms come beside them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

from flask import current_app

from feedback.domain.errors import TooManyTries
from feedback.domain.limits import HEAVY_AT_ONCE, HEAVY_OF_ACCOUNT
from feedback.web.access import me

P = ParamSpec("P")
_NAME = "feedback-heavy-pages"
_RETRY_SECONDS = 5


class HeavyPages:
    """How many heavy pages each account has under way in this process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._of: Counter[str] = Counter()

    @contextmanager
    def one_of(self, account: str) -> Iterator[None]:
        """Count a page of an account for the block. Raises `TooManyTries` at once: who waits would hold a thread."""
        with self._guard:
            if self._of[account] >= HEAVY_OF_ACCOUNT or self._of.total() >= HEAVY_AT_ONCE:
                raise TooManyTries(
                    "Several large pages are being made just now. Try again in a moment.", _RETRY_SECONDS
                )
            self._of[account] += 1
        try:
            yield
        finally:
            with self._guard:
                self._of[account] -= 1
                self._of += Counter()  # forgets accounts that have none


def heavy(view: Callable[P, Any]) -> Callable[P, Any]:
    """Declare that a page of signed-in staff is heavy; beneath `requires`."""

    @wraps(view)
    def bounded(*args: P.args, **kwargs: P.kwargs) -> Any:
        pages: HeavyPages = current_app.extensions.setdefault(_NAME, HeavyPages())
        who = me()
        with pages.one_of(f"{who.clinic.id}/{who.staff.id}"):
            return view(*args, **kwargs)

    return bounded

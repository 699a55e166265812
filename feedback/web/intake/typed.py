"""What somebody typed into a form that could not be kept: shown once more, so that nothing is lost.

It goes back to the browser that just sent it, and nowhere else. Never on a shared tablet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from feedback.domain.errors import TooManyForms
from feedback.domain.instrument import Item, ItemKind
from feedback.security.receipts import make_receipt
from feedback.web.intake.answers import Answers
from feedback.web.intake.form_key import new_key
from feedback.web.intake.form_page import FormPage
from feedback.web.surfaces import here


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: its page, what was answered, through which link and under which nonce."""

    page: FormPage
    answers: Answers
    token: str
    nonce: str

    @property
    def said(self) -> Iterator[tuple[Item, tuple[str, ...]]]:
        """Return each question that was answered, with the answers in the words of the form."""
        given = self.answers.given
        return ((item, _in_words(item, given[item.id])) for item in self.page.asked if item.id in given)

    @property
    def audience(self) -> str:
        """Return which of the two buttons was pressed; empty when neither was."""
        return self.answers.audience.value if self.answers.audience else ""

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """Return what was answered as the fields of a form, to be sent once more as it is."""
        yield "send_as_is", "1"
        yield from ((name, value) for name, values in self.answers.given.items() for value in values)

    @property
    def receipt(self) -> str:
        """Return the receipt that an answer sent with this nonce has."""
        return make_receipt(here().keyring, self.nonce)

    def new_nonce(self) -> str:
        """Return a key under which the same answers are a new form; empty where none is given out just now.

        Sent without a key, they come back as the form with everything in it.
        """
        try:
            return new_key(self.token, self.page.sentence)
        except TooManyForms:
            return ""


def _in_words(item: Item, values: tuple[str, ...]) -> tuple[str, ...]:
    if item.kind is ItemKind.SCALE:
        return tuple(item.labels[int(value)] if item.labels else value for value in values)
    if item.kind is ItemKind.TEXT:
        return values
    labels = {option.value: option.label for option in item.options}
    return tuple(labels[value] for value in values)

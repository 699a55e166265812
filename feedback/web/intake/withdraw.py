"""Taking an answer back: asked once, done with the receipt, and the same words for every receipt."""

from flask import Response, request

from feedback.domain.limits import OLD_RECEIPT
from feedback.domain.plain_text import plain_text
from feedback.security.receipts import FORMER_RECEIPT_LENGTH, read_receipt
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.web.client_page import client_page
from feedback.web.intake import intake
from feedback.web.rate_limit import origin_here
from feedback.web.surfaces import here

LONGEST_RECEIPT = 64


@intake.get("/withdraw")
def ask_receipt() -> Response:
    """Ask for the receipt, and say what taking back does."""
    return client_page("intake/withdraw.html", typed="", wrong=False)


@intake.post("/withdraw")
def withdraw() -> Response:
    """Take the answer back. With `ask`, show the question first, with the receipt filled in."""
    typed = plain_text(request.form.get("receipt", ""))[:LONGEST_RECEIPT]
    receipt = read_receipt(typed)
    if receipt is None:
        return client_page("intake/withdraw.html", status=400, typed=typed, wrong=True)
    if request.form.get("ask"):
        return client_page("intake/withdraw.html", typed=typed, wrong=False)
    withdraw_with(receipt)
    return client_page("intake/withdrawn.html")


def withdraw_with(receipt: str) -> None:
    """Take back the answer of a well-formed receipt. Raises `TooManyTries` for one of version 0.1 from a busy place."""
    it = here()
    if len(receipt) == FORMER_RECEIPT_LENGTH:  # 55 bits: tries are paced by network, right and wrong ones alike
        it.limiter.begin(OLD_RECEIPT, origin_here(), it.clock.now().timestamp())
    with it.database.writing(None) as uow:
        withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)

"""Taking an answer back: asked once, done with the receipt, and the same words for every receipt."""

from flask import Response, request

from feedback.domain.plain_text import plain_text
from feedback.security.receipts import read_receipt
from feedback.services.answers.withdraw_response import check_receipt_tries, count_receipt_miss, withdraw_response
from feedback.web.client_page import client_page
from feedback.web.intake import intake
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
    """Take back the answer of a well-formed receipt, or count a miss. Raises `TooManyTries`."""
    it = here()
    with it.database.writing(None) as uow:
        check_receipt_tries(uow, it.clock)
        if not withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal):
            count_receipt_miss(uow, it.clock)
        uow.commit()

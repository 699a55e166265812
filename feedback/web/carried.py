"""What a client chose stays chosen: the easier form and the shared tablet travel in each address, never in a cookie."""

from typing import Any

from flask import request


def is_easy() -> bool:
    """Say whether the easier version of the form was asked for, with `?easy=1`."""
    return request.args.get("easy") == "1"


def carried(*, easy: bool | None = None) -> dict[str, Any]:
    """Give the choices of this request for the address of the next page; `easy` switches the easier form on or off."""
    wanted = is_easy() if easy is None else easy
    return {"easy": "1"} if wanted else {}

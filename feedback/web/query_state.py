"""What a client chose stays chosen: language and easier form travel in each address, never in a cookie.

The pages of a shared tablet are those under `/k`; the address alone tells.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from feedback.domain.care import Clinic
from feedback.web.asked import asked
from feedback.web.i18n import carried_language

CLEARS_SECONDS = 600
"""How long a page stays on a shared tablet. Counted from opening: without script nobody knows of a touch."""

WIPES = {"Clear-Site-Data": '"cache"'}
"""Makes the browser of a shared tablet forget the pages it would show again on Back."""

NOT_KEPT_FOR_BACK = 203
"""Chromium keeps whole pages for Back, `no-store` ones too, but only those with status 200: 203 is success as well."""

_FORMS = frozenset(f"intake.{view}" for view in ("show_form", "send_form", "show_tablet_form", "send_tablet_form"))


def install_carried(app: Flask) -> None:
    """Teach the templates to lead onward."""
    app.jinja_env.globals.update(
        carried=carried, help_of=help_of, is_kiosk=is_kiosk, onward=onward, sends_to=sends_to, start_of=start_of
    )


def is_easy() -> bool:
    """Return whether the easier version of the form was asked for, with `?easy=1`."""
    return asked("easy") == "1"


def is_about_today() -> bool:
    """Return whether a card's form was said to be about a therapy session of today, with `?today=1`.

    It holds for that form in each of its versions, and for no other page: the next form may be about another day.
    """
    return asked("today") == "1" and request.endpoint in _FORMS


def is_kiosk() -> bool:
    """Return whether this page is shown on a shared tablet."""
    return request.path == "/k" or request.path.startswith("/k/")


def clearing_seconds() -> int:
    """Return after how many seconds a shared tablet clears this page: what is left of the visit it belongs to."""
    return int(g.get("clears", CLEARS_SECONDS))


def carried(*, easy: bool | None = None, lang: str | None = None, today: bool | None = None) -> dict[str, Any]:
    """Return the choices of this request for the address of the next page.

    `easy` switches the easier form on or off, `lang` the language to another one, `today` whether a card's form is
    about a therapy session of today.
    """
    chosen = {
        "lang": carried_language() if lang is None else lang,
        "easy": "1" if (is_easy() if easy is None else easy) else "",
        "today": "1" if (is_about_today() if today is None else today) else "",
    }
    return {name: value for name, value in chosen.items() if value}


def sends_to() -> str:
    """Return the query that a form is sent to: never that of the page it stands on.

    Where a send fails for lack of signal, Chromium puts its own page in place of one with the same address, and Back
    would not find the form again with what was typed. On a shared tablet it shall not: there this is empty.
    """
    if is_kiosk():
        return ""
    turn = "2" if asked("turn") == "1" else "1"
    return "?" + urlencode(carried() | {"turn": turn})


def onward(path: str) -> str:
    """Return a path of ours with what is carried."""
    query = urlencode(carried())
    return f"{path}?{query}" if query else path


def start_of(clinic: Clinic | None) -> str:
    """Return the address where a code is typed: on a shared tablet what ends the visit and leads to its start page."""
    if not is_kiosk():
        return onward("/")
    return str(g.get("ends_at") or (f"/k/{clinic.id}" if clinic else "/k"))


def help_of(clinic: Clinic | None) -> str:
    """Return the address that says who else to talk to; on a shared tablet it belongs to the visit."""
    if not is_kiosk():
        return onward(f"/help/{clinic.id}" if clinic else "/help")
    return str(g.get("helps_at") or onward(f"/k/{clinic.id}/help" if clinic else "/k/help"))


def beyond_back(response: Response) -> Response:
    """Keep a tablet's page out of what a browser shows again on Back, typed answers and all; it must ask us anew."""
    if response.status_code == 200:
        response.status_code = NOT_KEPT_FOR_BACK
    return response

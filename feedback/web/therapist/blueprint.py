"""The therapist's surface, put together."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from feedback.web.staff_pages import staff_context
from feedback.web.therapist import (
    advising,
    arrangements,
    case,
    case_views,
    cases,
    codes,
    dashboard,
    disown,
    figures,
    flags,
    front_desk,
    notices,
    sheets,
    told,
)

blueprint = Blueprint("therapist", __name__)
blueprint.context_processor(staff_context)


def _at(rule: str, view: Callable[..., Any], method: str = "GET") -> None:
    """Name each endpoint after its room and its view: `case.show`, `codes.show`."""
    room = view.__module__.rpartition(".")[2]
    blueprint.add_url_rule(rule, f"{room}_{view.__name__}", view, methods=[method])


_at("/dashboard", dashboard.dashboard)
_at("/cases", cases.caseload)
_at("/cases", cases.new_case, "POST")
_at("/cases/<code>", case.show)
_at("/cases/<code>/print", case_views.on_paper)
_at("/cases/<code>/together", case_views.together)
_at("/cases/<code>/sessions", case.new_meeting, "POST")
_at("/cases/<code>/arrangements", arrangements.show)
_at("/cases/<code>/weekly", arrangements.weekly, "POST")
_at("/cases/<code>/language", arrangements.language, "POST")
_at("/cases/<code>/share", arrangements.share, "POST")
_at("/cases/<code>/unshare", arrangements.unshare, "POST")
_at("/cases/<code>/hand-over", arrangements.hand_over, "POST")
_at("/own-figures", figures.own)
_at("/cases/<code>/guess", figures.guess)
_at("/cases/<code>/guess", figures.keep_guess, "POST")
_at("/notices", notices.show)
_at("/notices", notices.choose, "POST")
_at("/notices/stop/<token>", notices.ask_stop)
_at("/notices/stop/<token>", notices.stop, "POST")
_at("/shared", advising.show)
_at("/cases/<code>/close", case.close, "POST")
_at("/cases/<code>/reopen", case.reopen, "POST")
_at("/cases/<code>/code", codes.show)
_at("/cases/<code>/code", codes.issue, "POST")
_at("/cases/<code>/code/<code_id>/close", codes.close, "POST")
_at("/cases/<code>/card", codes.card)
_at("/cases/<code>/not-theirs", disown.ask)
_at("/cases/<code>/not-theirs", disown.erase, "POST")
_at("/cases/<code>/told", told.answer, "POST")
_at("/cases/<code>/told/undo", told.undo, "POST")
_at("/desk", front_desk.show)
_at("/desk", front_desk.hand_out, "POST")
_at("/sheet", sheets.show)
_at("/sheet", sheets.hand_out, "POST")
_at("/poster", front_desk.poster)
_at("/flags/<flag_id>", flags.review, "POST")
_at("/flags/<flag_id>/undo", flags.undo, "POST")

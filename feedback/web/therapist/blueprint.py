"""The therapist's surface, put together."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from feedback.web.staff_pages import staff_context
from feedback.web.therapist import (
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
    printed_codes,
    supervised_cases,
    told,
)

blueprint = Blueprint("therapist", __name__)
blueprint.context_processor(staff_context)


def _at(rule: str, endpoint: str, view: Callable[..., Any], method: str = "GET") -> None:
    blueprint.add_url_rule(rule, endpoint, view, methods=[method])


_at("/dashboard", "dashboard", dashboard.dashboard)
_at("/cases", "cases", cases.caseload)
_at("/cases", "cases_new_case", cases.new_case, "POST")
_at("/cases/<code>", "case_show", case.show)
_at("/cases/<code>/print", "case_views_on_paper", case_views.on_paper)
_at("/cases/<code>/together", "case_views_together", case_views.together)
_at("/cases/<code>/sessions", "case_new_meeting", case.new_meeting, "POST")
_at("/cases/<code>/arrangements", "arrangements_show", arrangements.show)
_at("/cases/<code>/weekly", "arrangements_weekly", arrangements.weekly, "POST")
_at("/cases/<code>/language", "arrangements_language", arrangements.language, "POST")
_at("/cases/<code>/share", "arrangements_share", arrangements.share, "POST")
_at("/cases/<code>/unshare", "arrangements_unshare", arrangements.unshare, "POST")
_at("/cases/<code>/hand-over", "arrangements_hand_over", arrangements.hand_over, "POST")
_at("/own-figures", "figures_own", figures.own)
_at("/cases/<code>/guess", "figures_guess", figures.guess)
_at("/cases/<code>/guess", "figures_keep_guess", figures.keep_guess, "POST")
_at("/notices", "notices_show", notices.show)
_at("/notices", "notices_choose", notices.choose, "POST")
_at("/notices/stop/<token>", "notices_ask_stop", notices.ask_stop)
_at("/notices/stop/<token>", "notices_stop", notices.stop, "POST")
_at("/shared", "supervised_cases", supervised_cases.show)
_at("/cases/<code>/close", "case_close", case.close, "POST")
_at("/cases/<code>/reopen", "case_reopen", case.reopen, "POST")
_at("/cases/<code>/code", "codes_show", codes.show)
_at("/cases/<code>/code", "codes_issue", codes.issue, "POST")
_at("/cases/<code>/code/<code_id>/close", "codes_close", codes.close, "POST")
_at("/cases/<code>/card", "codes_card", codes.card)
_at("/cases/<code>/not-theirs", "disown_ask", disown.ask)
_at("/cases/<code>/not-theirs", "disown_erase", disown.erase, "POST")
_at("/cases/<code>/told", "told_answer", told.answer, "POST")
_at("/cases/<code>/told/undo", "told_undo", told.undo, "POST")
_at("/desk", "front_desk_show", front_desk.show)
_at("/desk", "front_desk_hand_out", front_desk.hand_out, "POST")
_at("/sheet", "sheets_show", printed_codes.show)
_at("/sheet", "sheets_hand_out", printed_codes.hand_out, "POST")
_at("/poster", "front_desk_poster", front_desk.poster)
_at("/flags/<flag_id>", "flags_review", flags.review, "POST")
_at("/flags/<flag_id>/undo", "flags_undo", flags.undo, "POST")

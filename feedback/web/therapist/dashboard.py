"""The first page: which sessions to be curious about."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from feedback.detection import explain
from feedback.domain.care import Role
from feedback.domain.instrument import Instrument
from feedback.services.desk.show_dashboard import FlagCard, in_brief, show_dashboard
from feedback.web.access import me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import pictures, wording
from feedback.web.therapist.charts import Chart
from feedback.web.therapist.desk import instrument_named, reading
from feedback.web.therapist.people import ending


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A flag ready to be shown: its reasons, the client's wish in words, its small chart, where it leads.

    `whose` names the person where several answer, `end` is what the anchors of their part of the case page end with.
    """

    card: FlagCard
    address: str
    whose: str
    reasons: tuple[explain.Reason, ...]
    wish: str
    chart: Chart
    end: str


@requires(Role.THERAPIST)
@opens_answers
def dashboard() -> str:
    """Show flags first, then the latest sessions."""
    it, everything = here(), request.args.get("all") == "1"
    with reading() as uow:
        board = show_dashboard(
            uow, it.clock, it.keyring, clinic=me().clinic, therapist=me().staff, everything=everything
        )
    named = {name: instrument_named(name) for name in board.instrument_ids}
    lines = [(line, wording.felt_off(named[line.meeting.instrument_id], line.choices)) for line in board.recent]
    return render_template(
        "therapist/dashboard.html",
        board=board,
        new=[_drawn(card, named[card.found.instrument_id]) for card in board.new],
        still=[_drawn(card, named[card.found.instrument_id]) for card in board.still],
        lines=lines,
        words=wording,
    )


def _drawn(card: FlagCard, instrument: Instrument) -> DrawnCard:
    wished = next(iter(card.choices.get("wish", ())), None)
    reasons = explain.reasons(in_brief(card.flag.finding), instrument)
    calm = card.choices.get(instrument.detector.direct_item or "") == ("no",)
    return DrawnCard(
        card=card,
        address=url_for("therapist.case_show", code=card.flag.case_code, session=card.flag.session_number),
        whose=f", {wording.person(card.flag.seat)}" if card.found.seats > 1 else "",
        reasons=(*reasons, explain.Reason("Nothing marked as off")) if calm else reasons,
        wish=wording.wish(instrument, wished, me().staff.display_name),
        chart=pictures.sparkline(card.meetings, card.flag.session_number),
        end=ending(card.flag.seat),
    )

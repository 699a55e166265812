"""The first page: which sessions to be curious about."""

from dataclasses import dataclass

from flask import render_template, request, url_for

from feedback.detection import explain
from feedback.domain.care import Role
from feedback.domain.instrument import Instrument
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.desk.show_dashboard import FlagCard, in_brief, show_dashboard
from feedback.web.access import me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import pictures, wording
from feedback.web.therapist.desk import reading
from feedback.web.therapist.people import ending
from feedback.web.therapist.sparks import Spark


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A flag ready to be shown: where it leads, its reasons, the wish in words, and a new signal's small chart.

    `whose` names the person where several answer, `end` is what the anchors of their part of the case page end with.
    """

    card: FlagCard
    address: str
    whose: str
    end: str
    reasons: tuple[explain.Reason, ...]
    wish: str
    chart: Spark | None


@requires(Role.THERAPIST)
@opens_answers
def dashboard() -> str:
    """Show flags first, then the latest sessions."""
    it, everything = here(), request.args.get("all") == "1"
    with reading() as uow:
        board = show_dashboard(
            uow, it.clock, it.keyring, clinic=me().clinic, therapist=me().staff, everything=everything
        )
        named = {name: find_instrument(uow, name) for name in board.instrument_ids}
    caseload = url_for("therapist.cases_caseload")

    def drawn(card: FlagCard, *, chart: bool) -> DrawnCard:
        return _drawn(card, named[card.instrument_id], caseload, chart=chart)

    return render_template(
        "therapist/dashboard.html",
        board=board,
        new=[drawn(card, chart=True) for card in board.new],
        still=[drawn(card, chart=False) for card in board.still],
        lines=[(line, wording.felt_off(named[line.meeting.instrument_id], line.choices)) for line in board.recent],
        caseload=caseload,
        words=wording,
    )


def _drawn(card: FlagCard, instrument: Instrument, caseload: str, *, chart: bool) -> DrawnCard:
    """Lay out one flag. Its address is put together here: looking a route up for each line of a page adds up."""
    flag = card.flag
    wished = next(iter(card.choices.get("wish", ())), None)
    reasons = explain.reasons(in_brief(flag.finding), instrument)
    calm = card.choices.get(instrument.detector.direct_item or "") == ("no",)
    return DrawnCard(
        card=card,
        address=f"{caseload}/{flag.case_code}?session={flag.session_number}",
        whose=f", {wording.person(flag.seat)}" if card.seats > 1 else "",
        end=ending(flag.seat),
        reasons=(*reasons, explain.Reason("Nothing marked as off")) if calm else reasons,
        wish=wording.wish(instrument, wished, me().staff.display_name),
        chart=pictures.sparkline(card.meetings, flag.session_number) if chart else None,
    )

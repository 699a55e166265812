"""The first page: what clients told outright, then which sessions to be curious about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import render_template, request, url_for

from feedback.detection import explain
from feedback.domain.care import Role
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import EvidenceKind
from feedback.domain.told import ToldKind
from feedback.services.audit.note_read import FIRST_PAGE
from feedback.services.cases.note_opened import Shown, find_unnoted
from feedback.services.clinic.find_instrument import find_instrument
from feedback.services.dashboard.list_told import Told
from feedback.services.dashboard.show_dashboard import MOST_TOLD, Dashboard, FlagCard, in_brief, show_dashboard
from feedback.web.access import me, opens_answers, requires
from feedback.web.surfaces import here
from feedback.web.therapist import pictures, told_words, wording
from feedback.web.therapist.case_access import note_own_reading, note_shown, reading
from feedback.web.therapist.people import ending
from feedback.web.therapist.sparks import Spark
from feedback.web.therapist.told import just_marked


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


@dataclass(frozen=True, slots=True)
class DrawnTold:
    """What a client told, ready to be shown: in words, with its flag where one was raised.

    `asks` says that it waits for a talk, and not only to be read; `reasons` are those of the numbers alone. Where the
    words are shown whole, `said` does not say that there are some.
    """

    told: Told
    address: str
    whose: str
    end: str
    comment: str
    is_shortened: bool
    said: tuple[str, ...]
    asks: bool
    card: FlagCard | None
    reasons: tuple[explain.Reason, ...]

    def __repr__(self) -> str:
        """Say which it is, and nothing of what was written."""
        return f"DrawnTold({self.address})"


@requires(Role.THERAPIST)
@opens_answers
def dashboard() -> str:
    """Show what was told first, then flags, then the latest sessions."""
    it, everything = here(), request.args.get("all") == "1"
    with reading() as uow:
        board = show_dashboard(
            uow, it.clock, it.keyring, clinic=me().clinic, therapist=me().staff, everything=everything
        )
        named = {name: find_instrument(uow, name) for name in board.instrument_ids}
        done = just_marked(uow, request.args.get("done", ""))
        note_own_reading(uow, FIRST_PAGE)
        unnoted = find_unnoted(uow, shown=Shown(seen=board.answers_shown), by=me().staff)
    note_shown(unnoted)
    caseload = url_for("therapist.cases")

    def drawn(card: FlagCard, *, chart: bool) -> DrawnCard:
        return _drawn(card, named[card.instrument_id], caseload, chart=chart)

    return render_template(
        "therapist/dashboard.html",
        board=board,
        done=done,
        done_by=f", {wording.person(done[2])}" if done and done[2] != "A" else "",
        told=_told(board, named, caseload),
        new=[drawn(card, chart=True) for card in board.new],
        still=[drawn(card, chart=False) for card in board.still],
        lines=[(line, wording.felt_off(named[line.meeting.instrument_id], line.choices)) for line in board.recent],
        caseload=caseload,
        words=wording,
    )


def _told(board: Dashboard, named: Mapping[str, Instrument], caseload: str) -> list[DrawnTold]:
    return [
        _drawn_told(one, board.told_flags.get(one.place), named[one.instrument_id], caseload, is_first=at < MOST_TOLD)
        for at, one in enumerate(board.told.shown)
    ]


def _drawn_told(
    told: Told, card: FlagCard | None, instrument: Instrument, caseload: str, *, is_first: bool
) -> DrawnTold:
    """Lay out what a client told: the first ones with their words whole, unless they are very long."""
    code, number, seat = told.place
    comment = told_words.beginning(told.comment, *(() if is_first else (told_words.LINE,)))
    kinds = tuple(one for one in told.kinds if one is not ToldKind.WROTE or comment != told.comment)
    return DrawnTold(
        told=told,
        address=f"{caseload}/{code}?session={number}",
        whose=f", {wording.person(seat)}" if told.seats > 1 else "",
        end=ending(seat),
        comment=comment,
        is_shortened=comment != told.comment,
        said=told_words.told_in_words(instrument, kinds, told.choices, me().staff.display_name),
        asks=told.kinds != (ToldKind.WROTE,),
        card=card,
        reasons=_of_the_numbers(card, instrument) if card else (),
    )


def _of_the_numbers(card: FlagCard, instrument: Instrument) -> tuple[explain.Reason, ...]:
    """Return the reasons of a flag but for the client's own answer, which stands above them already."""
    finding = in_brief(card.flag.finding)
    kept = tuple(one for one in finding.evidence if one.kind is not EvidenceKind.DIRECT)
    return explain.reasons(replace(finding, evidence=kept), instrument)


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

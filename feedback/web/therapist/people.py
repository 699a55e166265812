"""The people of one case, each ready to be drawn: course, reasons and guidance, never mixed."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.detection import explain
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding
from feedback.services.cases.show_case import AnsweredForm, CaseFile, SeatFile
from feedback.services.flags.repair_guidance import Guidance, guide_repair
from feedback.services.flags.repair_story import FlagStory
from feedback.web.therapist import pictures
from feedback.web.therapist.forms import ReviewForm
from feedback.web.therapist.pictures import ItemPicture, Picture


@dataclass(frozen=True, slots=True)
class About:
    """The reasons and the guidance for the flag of the opened session, while its answer stands.

    `now` are the reasons of the answer as the client changed it, where the flag keeps those that were marked.
    """

    reasons: tuple[explain.Reason, ...]
    rests_on: str
    how_often_wrong: str
    guidance: Guidance | None
    now: tuple[explain.Reason, ...] | None = None


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """One person of a case ready to be shown. `end` keeps the page's ids apart where several people stand on it."""

    file: SeatFile
    form: ReviewForm
    pictures: Sequence[Picture]
    items: Sequence[ItemPicture]
    talks: frozenset[int]
    about: About | None
    end: str

    @property
    def answered(self) -> AnsweredForm | None:
        """Give the opened form."""
        return self.file.form

    @property
    def story(self) -> FlagStory | None:
        """Give the flag of the opened session."""
        return self.file.story


def ending(seat: str) -> str:
    """Say what the ids and anchors of a seat end with: nothing for the first, so that most pages know only that."""
    return "" if seat == "A" else f"-{seat.lower()}"


def draw_people(
    file: CaseFile, instrument: Instrument, *, budget: float, form: ReviewForm, seat: str
) -> list[DrawnPerson]:
    """Lay out everybody who answers. `form` is what was typed about the flag of `seat`; the others get an empty one."""
    return [
        DrawnPerson(
            file=person,
            form=form if person.seat == seat else ReviewForm(formdata=None),
            pictures=pictures.trajectory(person) if person.meetings else (),
            items=pictures.item_courses(person, instrument),
            talks=pictures.talk_numbers(person),
            about=_about(person, instrument, budget),
            end=ending(person.seat),
        )
        for person in file.people
    ]


def _about(person: SeatFile, instrument: Instrument, budget: float) -> About | None:
    story = person.story
    if story is None or story.flag.is_withdrawn:
        return None
    finding = story.flag.finding
    wish = person.form.stored.response.chosen("wish") if person.form else None
    return About(
        reasons=explain.reasons(finding, instrument),
        rests_on=explain.rests_on(finding),
        how_often_wrong=explain.how_often_wrong(finding.method, budget),
        guidance=guide_repair(finding, instrument, wish),
        now=_now(person, finding, instrument),
    )


def _now(person: SeatFile, kept: Finding, instrument: Instrument) -> tuple[explain.Reason, ...] | None:
    form = person.form
    if form is None or not form.meeting.is_changed or form.finding == kept:
        return None
    return explain.reasons(form.finding, instrument) if form.finding else ()

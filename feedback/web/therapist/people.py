"""The people of one case, each ready to be drawn: course, reasons and guidance, never mixed."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.detection import explain
from feedback.domain.care import Clinic
from feedback.domain.instrument import Instrument
from feedback.domain.rupture import Finding, Level
from feedback.domain.told import ToldKind
from feedback.services.cases.case_file import AnsweredForm, CaseFile, SeatFile
from feedback.services.flags.repair_guidance import Guidance, guide_repair
from feedback.services.flags.repair_story import FlagStory
from feedback.web.therapist import pictures
from feedback.web.therapist.forms import ReviewForm
from feedback.web.therapist.pictures import ItemPicture, Picture
from feedback.web.therapist.told_words import told_in_words, waits

NOTHING_FOUND = Finding(method="", version="", probability=0.0, flag=False, level=Level.NONE, forms=0)
"""Stands for the finding of an answer without ratings."""


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
    said: tuple[str, ...]
    guidance: Guidance | None
    waiting: Sequence[tuple[int, str]]
    end: str

    @property
    def answered(self) -> AnsweredForm | None:
        """Return the opened form."""
        return self.file.form

    @property
    def story(self) -> FlagStory | None:
        """Return the flag of the opened session."""
        return self.file.story


def ending(seat: str) -> str:
    """Say what the ids and anchors of a seat end with: nothing for the first, so that most pages know only that."""
    return "" if seat == "A" else f"-{seat.lower()}"


def draw_people(
    file: CaseFile, instrument: Instrument, *, clinic: Clinic, therapist: str, form: ReviewForm, seat: str
) -> list[DrawnPerson]:
    """Lay out everybody who answers. `form` is what was typed about the flag of `seat`; the others get an empty one.

    `therapist` is the name that the client's wish is quoted with.
    """
    abouts = [_about(person, instrument, clinic.alert_budget, reads_all=file.access.leads) for person in file.people]
    return [
        DrawnPerson(
            file=person,
            form=form if person.seat == seat else ReviewForm(formdata=None),
            pictures=pictures.trajectory(person) if person.meetings else (),
            items=pictures.item_courses(person, instrument),
            talks=pictures.talk_numbers(person),
            about=about,
            said=_said(person, instrument, therapist),
            guidance=about.guidance if about else _guidance(person, instrument),
            waiting=[(number, waits(person.told[number].kinds)) for number in person.waiting],
            end=ending(person.seat),
        )
        for person, about in zip(file.people, abouts, strict=True)
    ]


def _said(person: SeatFile, instrument: Instrument, therapist: str) -> tuple[str, ...]:
    """Say what was told in the opened session, where no flag says it. Words stand there whole."""
    if person.form is None or person.told_here is None:
        return ()
    kinds = [kind for kind in person.told_here.kinds if kind is not ToldKind.WROTE]
    return told_in_words(instrument, kinds, person.form.stored.response.choices, therapist)


def _guidance(person: SeatFile, instrument: Instrument) -> Guidance | None:
    """Return a way to open a talk that was asked for where no flag was raised."""
    told, form = person.told_here, person.form
    if told is None or form is None or told.kinds == (ToldKind.WROTE,):
        return None
    return guide_repair(form.finding or NOTHING_FOUND, instrument, form.stored.response.chosen("wish"))


def _about(person: SeatFile, instrument: Instrument, budget: float, *, reads_all: bool) -> About | None:
    story = person.story
    if story is None or story.flag.is_withdrawn:
        return None
    finding = story.flag.finding
    wish = person.form.stored.response.chosen("wish") if person.form else None
    return About(
        reasons=explain.reasons(finding, instrument),
        rests_on=explain.rests_on(finding, reads_all=reads_all),
        how_often_wrong=explain.how_often_wrong(finding.method, budget),
        guidance=guide_repair(finding, instrument, wish),
        now=_now(person, finding, instrument),
    )


def _now(person: SeatFile, kept: Finding, instrument: Instrument) -> tuple[explain.Reason, ...] | None:
    form = person.form
    if form is None or not form.meeting.is_changed or form.finding == kept:
        return None
    return explain.reasons(form.finding, instrument) if form.finding else ()

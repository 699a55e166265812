"""Forms of the therapist's desk."""

import re

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from feedback.domain.care import SEATS, USUAL_INSTRUMENT, Part
from feedback.domain.notice import Pace
from feedback.services.cases.open_case import LABEL_LENGTH
from feedback.services.flags.record_repair import NOTE_LENGTH
from feedback.web.forms import StaffForm, kept_line, kept_text
from feedback.web.therapist.wording import MARKS

SHEET_LENGTH = 2000


class TokenForm(StaffForm):
    """A button that changes something."""


class CaseForm(StaffForm):
    """A new case; the label is for the therapist's eyes only. One person answers unless another number is given."""

    label = StringField(
        "Private label (optional)",
        filters=[kept_line],
        validators=[Length(max=LABEL_LENGTH, message=f"A label has at most {LABEL_LENGTH} characters.")],
    )
    seats = IntegerField(
        "How many people answer?",
        default=1,
        validators=[Optional(), NumberRange(1, len(SEATS), f"Choose a number from 1 to {len(SEATS)}.")],
    )
    instrument = SelectField("Questionnaire", default=USUAL_INSTRUMENT)


class MeetingForm(StaffForm):
    """A new therapy session; its day, today by default."""

    held_on = DateField("Day", validators=[Optional()])


class CodeForm(StaffForm):
    """Which therapy session and seat a code is for; no session for the case card."""

    session = IntegerField(validators=[Optional()])
    seat = StringField(validators=[Optional()])


class ToldForm(CodeForm):
    """Which answer was talked about, and whether it was marked on the first page."""

    from_first = StringField(validators=[Optional()])


class HandOutForm(StaffForm):
    """Which case the front desk hands a code out for, and to which of its people."""

    case = StringField("Case code", filters=[kept_line])
    seat = StringField(validators=[Optional()])


class SheetForm(StaffForm):
    """Whose codes go on one sheet: the desk types case codes, a therapist chooses among their own open cases."""

    typed = TextAreaField(
        "Case codes",
        filters=[kept_text],
        validators=[Length(max=SHEET_LENGTH, message="That is too long for one sheet.")],
    )
    chosen = SelectMultipleField("Your cases")
    paper = SelectField("Paper", default="a4")

    @property
    def lines(self) -> list[str]:
        """Return the case codes that were typed, one to a line or with commas between."""
        return [part for line in re.split(r"[\n,;]", self.typed.data or "") if (part := line.strip())]


class GuessForm(CodeForm):
    """How somebody guesses a session was."""

    value = IntegerField("Guess", validators=[InputRequired("Choose a number first.")])


class NoticeForm(StaffForm):
    """How often at most mail may come; empty for never."""

    pace = StringField(validators=[Optional(), AnyOf([pace.value for pace in Pace], "Choose how often.")])


class WeeklyForm(StaffForm):
    """The day of the week a case meets on, 0 for Monday; empty for none."""

    weekday = IntegerField(validators=[Optional(), NumberRange(0, 6, "Choose a day of the week.")])


class LanguageForm(StaffForm):
    """The language a case's forms come in, by its code; empty for that of the phone."""

    language = StringField(filters=[kept_line])


class ColleagueForm(StaffForm):
    """Somebody of the same clinic, by the id of their account."""

    colleague = StringField("Colleague", validators=[InputRequired("Choose a colleague first.")])


class ShareForm(ColleagueForm):
    """How a colleague is let in; a supervisor for a number of days."""

    part = StringField(validators=[AnyOf([part.value for part in Part], "Choose how they take part.")])
    days = IntegerField(validators=[Optional()])


class ReviewForm(StaffForm):
    """What happened after a possible rupture."""

    outcome = StringField(
        "How did it go?",
        validators=[
            InputRequired("Choose what fits best."),
            AnyOf([status.value for status, _ in MARKS], "Choose what fits best."),
        ],
    )
    note = TextAreaField(
        "Note (optional)",
        filters=[kept_text],
        validators=[Length(max=NOTE_LENGTH, message=f"A note has at most {NOTE_LENGTH} characters.")],
    )

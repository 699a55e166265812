"""Forms of the clinic admin. Text is required as it is kept: a name of invisible signs alone is no name."""

from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from feedback.services.accounts.invite_staff import NAME_LENGTH as PERSON_LENGTH
from feedback.services.clinic.install_clinic import NAME_LENGTH
from feedback.services.clinic.manage_clinic import MOST_CODE_DAYS
from feedback.services.clinic.manage_teams import NAME_LENGTH as TEAM_LENGTH
from feedback.web.forms import StaffForm, kept_line

LINE_LENGTH = 200
MOST_NUMBERS = 6


class ButtonForm(StaffForm):
    """A button that changes something."""


class CasesLeftForm(StaffForm):
    """Where the open cases of a disabled therapist go."""

    colleague = SelectField("Who takes over")
    code = StringField(
        "Only the case with this code (else all of them)", filters=[kept_line], validators=[Length(max=20)]
    )


class LocalSignInForm(StaffForm):
    """Whether a linked account may use its own password too: the button that was pressed."""

    change = SelectField(choices=["allow", "end"])


class InviteForm(StaffForm):
    """Somebody new."""

    display_name = StringField(
        "Name clients see",
        filters=[kept_line],
        validators=[DataRequired("Type the name clients will see."), Length(max=PERSON_LENGTH)],
    )
    email = StringField(
        "E-mail", filters=[kept_line], validators=[DataRequired("Type an e-mail address."), Length(max=254)]
    )
    role = SelectField("Role")
    team = SelectField("Team", default="")


class TeamForm(StaffForm):
    """The name of a team."""

    name = StringField(
        "Name of the team",
        filters=[kept_line],
        validators=[
            DataRequired("Type a name."),
            Length(max=TEAM_LENGTH, message=f"A name has at most {TEAM_LENGTH} characters."),
        ],
    )


class HelpNumberForm(Form):  # type: ignore[misc]  # the library carries no types
    """One help number; an empty row is left out."""

    purpose = StringField("What it is for", filters=[kept_line], validators=[Length(max=60)])
    said = StringField("As said", filters=[kept_line], validators=[Length(max=40)])
    dialled = StringField(
        "As dialled",
        filters=[kept_line],
        validators=[Optional(), Regexp(r"[+]?[0-9*#]{2,20}\Z", message="Digits only, as typed on a phone.")],
    )


class SettingsForm(StaffForm):
    """What a clinic chooses for itself."""

    name = StringField(
        "Name of the clinic",
        filters=[kept_line],
        validators=[DataRequired("Type the clinic’s name."), Length(max=NAME_LENGTH)],
    )
    phone = StringField("Phone of the clinic", filters=[kept_line], validators=[Length(max=40)])
    timezone = StringField("Time zone", filters=[kept_line], validators=[DataRequired("Type a time zone.")])
    contact = StringField(
        "Someone to talk to who is not the therapist", filters=[kept_line], validators=[Length(max=LINE_LENGTH)]
    )
    complaints = StringField("Outside complaints body", filters=[kept_line], validators=[Length(max=LINE_LENGTH)])
    help_numbers = FieldList(FormField(HelpNumberForm), min_entries=MOST_NUMBERS, max_entries=MOST_NUMBERS)
    language = SelectField("The clinic’s own language")
    languages = SelectMultipleField("Languages clients may choose")
    comment_enabled = BooleanField("Clients may write a note")
    totals_enabled = BooleanField("Clients may send an answer that their therapist does not see")
    code_days = IntegerField(
        "Days a code works",
        validators=[
            InputRequired("Type a number of days."),
            NumberRange(1, MOST_CODE_DAYS, message=f"From 1 to {MOST_CODE_DAYS} days."),
        ],
    )
    accent = StringField("Colour of the client pages", filters=[kept_line], validators=[Length(max=7)])
    quick_exit = StringField("A quick way out", filters=[kept_line], validators=[Length(max=LINE_LENGTH)])
    script_enabled = BooleanField("Keep the form when sending fails for lack of signal")
    alert_budget = DecimalField(
        "Share of answers that may be flagged, percent",
        places=1,
        validators=[InputRequired("Type a share."), NumberRange(5, 12, message="From 5 to 12 percent.")],
    )


class PresetForm(StaffForm):
    """Which country's list to use."""

    country = SelectField("Country")

"""Forms of the account pages. Pasting and password managers are welcome (WCAG 3.3.8)."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from feedback.web.forms import OpenForm, StaffForm, kept_line

LONGEST_PASSWORD = 256


class SignInForm(OpenForm):
    """E-mail and password."""

    email = StringField(
        "E-mail", filters=[kept_line], validators=[InputRequired("Type your e-mail address."), Length(max=254)]
    )
    password = PasswordField(
        "Password", validators=[InputRequired("Type your password."), Length(max=LONGEST_PASSWORD)]
    )


class RoleForm(OpenForm):
    """Which of several accounts to use, and the ticket that says the password was right."""

    ticket = HiddenField(validators=[InputRequired()])
    account = HiddenField(validators=[InputRequired()])


class PasswordForm(OpenForm):
    """A first password. One field: it can be shown, and typing blindly twice helps nobody."""

    password = PasswordField(
        "New password", validators=[InputRequired("Type a password."), Length(max=LONGEST_PASSWORD)]
    )


class EmptyForm(StaffForm):
    """A button on a signed-in page: nothing but the session's token."""

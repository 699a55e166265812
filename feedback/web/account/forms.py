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


class CodeForm(OpenForm):
    """The second step: one field for the app's code or a recovery code, and the ticket of the first step."""

    ticket = HiddenField(validators=[InputRequired()])
    account = HiddenField(validators=[InputRequired()])
    code = StringField("Code", filters=[kept_line], validators=[InputRequired("Type the code."), Length(max=40)])


class AppForm(StaffForm):
    """Setting up an app: what it shows, and the seed the page carried."""

    seed = HiddenField(validators=[InputRequired()])
    code = StringField(
        "6-digit code", filters=[kept_line], validators=[InputRequired("Type the 6 digits."), Length(max=40)]
    )


class ConfirmForm(StaffForm):
    """Both steps once more, before an account's own keys to it are changed."""

    password = PasswordField(
        "Password", validators=[InputRequired("Type your password."), Length(max=LONGEST_PASSWORD)]
    )
    code = StringField("Code", filters=[kept_line], validators=[InputRequired("Type the code."), Length(max=40)])


class PasswordForm(OpenForm):
    """A first password. One field: it can be shown, and typing blindly twice helps nobody."""

    password = PasswordField(
        "New password", validators=[InputRequired("Type a password."), Length(max=LONGEST_PASSWORD)]
    )


class PasskeyForm(OpenForm):
    """What an authenticator said, as JSON, when somebody signs in."""

    answer = HiddenField()


class NewPasskeyForm(StaffForm):
    """What an authenticator said when it made a passkey, and what its owner calls it."""

    answer = HiddenField(validators=[InputRequired("No passkey was made. Please try again.")])
    name = StringField("What you call it", filters=[kept_line], validators=[Length(max=100)])


class NewPasswordForm(StaffForm):
    """The same on a signed-in page."""

    password = PasswordField(
        "New password", validators=[InputRequired("Type a password."), Length(max=LONGEST_PASSWORD)]
    )


class EmptyForm(StaffForm):
    """A button on a signed-in page: nothing but the session's token."""

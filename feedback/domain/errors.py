"""What may go wrong, as classes. Each has one line in `web/errors.py` and one helpful page.

A message says what happened and what to do about it, in words for the person who meets it.
"""


class DomainError(Exception):
    """Anything that the product itself refuses or cannot find."""


class NotFound(DomainError):
    """The thing asked for does not exist, or not for the one who asks."""


class Refused(DomainError):
    """The request is understood and not allowed as it stands; the message says what would be."""


class NoClinicChosen(DomainError):
    """A clinic-scoped unit of work was used without a clinic. Always a programming error."""


class AccessCodeUnknown(NotFound):
    """No access code answers to this token or these typed characters."""


class AccessCodeExpired(DomainError):
    """The code's last day has passed in the clinic's own zone."""


class AccessCodeRevoked(DomainError):
    """Somebody closed this code before its time."""


class AlreadyShared(DomainError):
    """The therapist already has an answer for this therapy session and seat."""


class AnswerStands(DomainError):
    """The same form was sent again with other answers, which cannot be kept: the shared answer stands as it was.

    `has_ended` when its code takes nothing any more; else it was sent again for the totals, which takes nothing back.
    """

    def __init__(self, *, has_ended: bool) -> None:
        super().__init__("What you sent before stands. This change was not kept.")
        self.has_ended = has_ended


class AnswerTakenBack(DomainError):
    """This form's answer was taken back, so that sending the same form again does not bring it back."""


class NobodyReads(DomainError):
    """The therapist of the case has no account in use: an answer would be taken in the name of who cannot read it."""


class NonceRefused(DomainError):
    """The form's key was not issued for this code, or was altered on its way."""


class TooManyTries(DomainError):
    """Guessing is being slowed down; the same request may succeed later."""

    def __init__(self, message: str, retry_after_seconds: int = 600) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooManyForms(TooManyTries):
    """Forms are being opened too fast from one address or network; the same code opens later."""


class BadResponse(DomainError):
    """A posted answer does not fit the instrument it was given under."""


class CommentTooLong(BadResponse):
    """The comment is longer than the instrument allows; `excess` is by how many characters."""

    def __init__(self, excess: int) -> None:
        super().__init__(f"Your note is {excess} letters too long. The rest is still here.")
        self.excess = excess


class InstrumentRefused(DomainError):
    """An instrument file is wrong; the message names the file, the item and the remedy."""


class CaseClosed(Refused):
    """The case is closed: no new therapy session or code until it is opened again."""


class CaseCodeUnknown(Refused):
    """A whole case code was typed that opens no case; such guesses are counted."""


class HelpNumbersMissing(Refused):
    """A clinic cannot issue a code before its help numbers and second contact are set."""


class CasesLeft(Refused):
    """A therapist who leads open cases is to be disabled, and nobody said where the cases go; `count` is how many."""

    def __init__(self, name: str, count: int) -> None:
        cases = "1 open case" if count == 1 else f"{count} open cases"
        super().__init__(
            f"{name} leads {cases}. Say who takes over, or that they are kept until somebody asks for them."
        )
        self.count = count


class ReviewRefused(Refused):
    """This step does not follow from the flag's present status."""


class SignInFailed(DomainError):
    """E-mail and password do not belong together. Says no more than that, on purpose."""


class ProviderRefused(SignInFailed):
    """The organisation's sign-in vouched for nobody who may enter. `reason` is for the audit log, in a few words."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ProviderAway(DomainError):
    """The organisation's sign-in does not answer just now, or says what nothing can be made of.

    `why` is for whoever runs the server, in a few words, and `remedy` what to do about it.
    """

    def __init__(self, message: str, why: str, remedy: str = "") -> None:
        super().__init__(message)
        self.why = why
        self.remedy = remedy or "Check FEEDBACK_OIDC_ISSUER, and whether this machine may reach it."


class SecondStepRefused(Refused):
    """The six digits typed to set up an app are not what that app shows now."""


class PasskeyRefused(DomainError):
    """A passkey's answer is not for us, not for now, or belongs to no account that is in use."""


class InvitationInvalid(NotFound):
    """The invitation is unknown, used, or older than 72 hours."""


class PasswordTooWeak(Refused):
    """The password is too short or among the commonest."""


class NotReachable(DomainError):
    """The database does not answer just now; nothing was changed, and trying again is safe."""


class NotSaved(DomainError):
    """The database could not take the answer just now; nothing was kept, and trying again is safe."""


class BodyTooSlow(NotSaved):
    """What was sent did not arrive in time, or too much of its network was under way; trying again is safe."""


class ClosedForWriting(NotSaved):
    """The database's file is damaged: it is read, and nothing is written to it until the operator has put it right."""


class NotSent(DomainError):
    """A mail server did not take a notice; it is tried again at the next run."""


class FilingUnfinished(DomainError):
    """The rows are safe, but what was deleted can still lie in the files; says so, and to run it again."""


class DetectionInputWrong(DomainError):
    """A table given to `feedback detect` is wrong; names row, column and remedy."""


class DetectorParametersWrong(DomainError):
    """A file of fitted detector parameters is wrong, or the answers do not allow a fit; names what and the remedy."""


class DetectorStateUnreadable(DomainError):
    """A case's kept detector state is damaged, or of another method or version: rebuild it from the case's forms."""


class DetectionMethodUnknown(NotFound):
    """No detection method is registered under this name; the message lists those that are."""


class PeriodUnknown(NotFound):
    """What was written is not a month, a quarter or a year."""


class LedgerBroken(DomainError):
    """A line of the ledger was changed, is missing or cannot be read; names the first one that is wrong."""


class SettingsWrong(DomainError):
    """A setting is missing or malformed; names the variable and the accepted form."""


class AuditBroken(DomainError):
    """The audit log is not as it was written; names the first record that is wrong."""


class DatabaseWrong(DomainError):
    """The database is missing, does not answer or has another version's shape; names it and the remedy."""


class BackupWrong(DomainError):
    """A backup cannot be written here, or read: says what is wrong with it, and that nothing was changed."""


class WhoReadsWrong(DomainError):
    """The form would not say truthfully who reads an answer; names the page, version or language, and the remedy."""


class KeysWrong(DomainError):
    """A key is missing, readable by others, or an example key; names the key and the remedy."""

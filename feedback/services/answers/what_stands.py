"""What has become of an answer by now, for who holds its receipt."""

from feedback.domain.audience import Audience
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash, submission_id


def what_stands(uow: UnitOfWork, keyring: Keyring, *, receipt: str) -> Audience | None:
    """Return who reads the answer of a receipt, or nothing where it was withdrawn, counted or deleted.

    Only what was sent under this very receipt is looked at.
    """
    if clinics_behind(uow, "receipt", receipt_hash(keyring, receipt)):
        return Audience.THERAPIST
    return Audience.TOTALS if sealed_submissions.has_submission(uow, submission_id(keyring, receipt)) else None

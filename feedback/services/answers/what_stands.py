"""What has become of an answer by now, for who holds its receipt."""

from feedback.domain.audience import Audience
from feedback.persistence.answers import sealed_submissions
from feedback.persistence.answers.taken_back import is_taken_back
from feedback.persistence.database import UnitOfWork
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.keyring import Keyring
from feedback.security.receipts import receipt_hash, submission_id


def what_stands(uow: UnitOfWork, keyring: Keyring, *, receipt: str) -> Audience | None:
    """Return who reads the answer of a receipt, or nothing where it was withdrawn, removed, counted or deleted.

    Only what was sent under this very receipt is looked at, in the same queries whatever there is.
    """
    hashed = receipt_hash(keyring, receipt)
    is_shared = bool(clinics_behind(uow, "receipt", hashed))
    is_unseen = sealed_submissions.has_submission(uow, submission_id(keyring, receipt))
    if is_taken_back(uow, hashed):
        return None
    return Audience.THERAPIST if is_shared else Audience.TOTALS if is_unseen else None

"""What `feedback db restore` says about access that ended again, and what the operator has to do now."""

from collections.abc import Iterator

from feedback.domain.revocation import RevocationKind
from feedback.services.upkeep.revoke_again import AccessEnded

_SAID = {
    RevocationKind.ACCOUNT: "account disabled",
    RevocationKind.PASSWORD: "password changed since, so the old one was made unusable",
    RevocationKind.INVITATION: "invitation replaced since, so the old link was made unusable",
    RevocationKind.SECOND_STEP: "second step changed since, so it was removed, and the password made unusable",
    RevocationKind.RECOVERY_CODES: "recovery codes replaced since, so the old ones were removed",
    RevocationKind.RECOVERY_CODE: "recovery code used since, so it was removed",
    RevocationKind.PASSKEY: "passkey removed",
    RevocationKind.PROVIDER_LINK: "link with the organisation's sign-in ended",
    RevocationKind.LOCAL_SIGN_IN: "password beside the organisation's sign-in ended",
    RevocationKind.CASE_SHARE: "case no longer shared",
    RevocationKind.CASE_GIVEN: "case handed over",
    RevocationKind.ACCESS_CODE: "access code revoked, of case",
}


def access_report(access: AccessEnded) -> Iterator[str]:
    """Yield the lines about one clinic; none when nothing was taken away after the backup and an admin can sign in."""
    if access.ended:
        yield "Taken away again, because it was taken away after this backup was made:"
    for kind, whose in access.ended:
        yield f"  {_SAID[kind]}: {whose}"
    if access.to_invite:
        yield "These people cannot sign in until each has a new link. Run for each, and hand it over in person:"
    for person in access.to_invite:
        yield f"  feedback staff reinvite {person.email} --role {person.role.value}"
    if access.still_led:
        yield (
            "Handed over since to somebody who is not in this backup, so the therapist from before has them again: "
            f"{', '.join(access.still_led)}. Hand them over anew."
        )
    if not access.has_admin:
        yield (
            "No clinic admin can sign in. Give one a new link (feedback staff reinvite), or where all are disabled, "
            "invite another: feedback staff invite E-MAIL --role clinic-admin"
        )

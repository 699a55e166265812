"""Access that was taken away after a backup was made stays taken away when the backup is put back."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest

from feedback.domain.care import Case, Part, Role, Staff
from feedback.domain.errors import SignInFailed
from feedback.persistence.accounts import accounts, passkeys, second_step
from feedback.persistence.accounts.identities import identity_of
from feedback.persistence.accounts.passkeys import Passkey
from feedback.persistence.audit import list_records
from feedback.persistence.cases import care, codes
from feedback.persistence.cases.case_staff import get_case_staff
from feedback.persistence.tenant_lookup import clinics_behind
from feedback.security.access_codes import typed_hash
from feedback.security.totp import draw_seed
from feedback.services.accounts.change_password import change_password
from feedback.services.accounts.confirm_second_step import confirm_second_step
from feedback.services.accounts.disable_staff import KEEP, disable_staff, enable_staff
from feedback.services.accounts.invite_staff import invite_staff, reinvite_staff
from feedback.services.accounts.keep_passkeys import remove_passkey
from feedback.services.accounts.link_identity import break_glass, link_identity, unlink_identity
from feedback.services.accounts.reset_second_step import reset_second_step
from feedback.services.accounts.set_up_second_step import make_recovery_codes, set_up_app
from feedback.services.accounts.sign_in import Account, sign_in
from feedback.services.audit.verify_audit import verify_audit
from feedback.services.cases.hand_over_case import hand_over_case
from feedback.services.cases.share_case import share_case, stop_sharing
from feedback.services.codes.issue_access_code import ShownCode, revoke_access_code
from feedback.services.upkeep.fill_database import sums_in
from feedback.services.upkeep.purge import purge
from feedback.web import create_app
from tests.reliability.test_backup import Killed, another_place, backed_up, restored
from tests.support.authenticator import PHRASE, App, hires_with_both_steps
from tests.support.builders import a_therapist
from tests.support.limits import SOMEWHERE, guard_at
from tests.support.phone import Phone

pytestmark = pytest.mark.fault("R9")

IDENTITY, OTHER_IDENTITY = b"i" * 32, b"o" * 32


@dataclass(frozen=True)
class Scene:
    """People with everything that can be taken away from them. Mika has both steps and a passkey, Lin a link."""

    mika: Staff
    app: App
    lin: Staff
    noor: Staff
    iris: Staff
    case: Case
    code: ShownCode


def does(world, verb, **named):
    """Do one thing as the use case does it, and commit."""
    it = world.installation
    with world.writing() as uow:
        return verb(uow, it.clock, it.keyring, journal=it.journal, **named)


def draws(world, verb, **named):
    it = world.installation
    with world.writing() as uow:
        return verb(uow, it.clock, it.keyring, it.chance, journal=it.journal, **named)


@pytest.fixture
def scene(world):
    it = world.installation
    mika, app = hires_with_both_steps(world)
    lin = world.hire(a_therapist(id="lin", email="lin@example.org", display_name="Lin"))
    iris = world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris"))
    world.hire(a_therapist(id="sol", email="sol@example.org", display_name="Sol", role=Role.SUPERVISOR))
    does(world, link_identity, staff=lin, hashed=IDENTITY)
    does(world, break_glass, staff=lin, allowed=True, by="operator")
    with world.writing() as uow:
        passkeys.add_passkey(uow, Passkey("key-1", mika.id, "Phone", b"credential", b"public", 0, date(2026, 3, 1)))
        invited = {"email": "noor@example.org", "display_name": "Noor", "role": Role.THERAPIST, "by": "anna"}
        noor = invite_staff(uow, it.clock, it.keyring, it.chance, **invited).staff
    case = world.opens_a_case()
    shares(world, case)
    return Scene(mika, app, lin, noor, iris, case, world.shows_a_code(case, world.meets(case)))


def shares(world, case, days=90):
    named = {"case": case, "part": Part.SUPERVISOR, "staff_id": "sol", "days": days, "by": world.therapist}
    does(world, share_case, **named)


def confirms(world, scene, code):
    it = world.installation
    account = Account(world.clinic, scene.mika)
    confirm_second_step(it.database, it.clock, it.keyring, journal=it.journal, account=account, code=code)


def sets_up_again(world, scene):
    seed = draw_seed(world.installation.chance)
    shown = App(world, seed).shows()
    draws(world, set_up_app, staff=scene.mika, seed=seed, code=shown, replaces=True)


REMOVES = {
    "account": lambda world, scene: does(world, disable_staff, staff=scene.mika, by="anna", cases_to=KEEP),
    "password": lambda world, scene: does(world, change_password, staff=scene.mika, password_hash="new"),
    "password of who is linked": lambda world, scene: does(
        world, change_password, staff=scene.lin, password_hash="new"
    ),
    "password by linking": lambda world, scene: does(world, link_identity, staff=scene.mika, hashed=OTHER_IDENTITY),
    "invitation taken up": lambda world, scene: does(world, change_password, staff=scene.noor, password_hash="new"),
    "invitation replaced": lambda world, scene: draws(world, reinvite_staff, staff=scene.noor, by="anna"),
    "another app": sets_up_again,
    "second step reset": lambda world, scene: does(world, reset_second_step, staff=scene.mika, by="operator"),
    "passkeys by a reset": lambda world, scene: does(world, reset_second_step, staff=scene.mika, by="operator"),
    "recovery codes": lambda world, scene: draws(world, make_recovery_codes, staff=scene.mika),
    "recovery code": lambda world, scene: confirms(world, scene, scene.app.recovery_codes[0]),
    "passkey": lambda world, scene: does(world, remove_passkey, staff=scene.mika, passkey_id="key-1"),
    "link": lambda world, scene: does(world, unlink_identity, staff=scene.lin, by="operator"),
    "password beside a link": lambda world, scene: does(
        world, break_glass, staff=scene.lin, allowed=False, by="operator"
    ),
    "share": lambda world, scene: does(world, stop_sharing, case=scene.case, staff_id="sol", by=world.therapist),
    "longer share": lambda world, scene: shares(world, scene.case, days=7),
    "share by handing over": lambda world, scene: does(
        world, hand_over_case, case=scene.case, to="iris", by=world.therapist
    ),
    "case": lambda world, scene: does(world, hand_over_case, case=scene.case, to="iris", by=world.therapist),
    "access code": lambda world, scene: does(
        world, revoke_access_code, case=scene.case, code_id=scene.code.code.id, by="dana"
    ),
}
"""Every way to take access away, as its use case does it."""


def invitations_of(uow, person):
    """Take the account's invitations and give them; the caller rolls back."""
    found = accounts.drop_invitations(uow, person.id)
    uow.rollback()
    return found


def has_password(uow, staff_id, hashed):
    return bool(hashed) and accounts.get_staff(uow, staff_id).password_hash == hashed


def is_led_by_dana(uow, scene):
    return care.get_case(uow, scene.case.code).therapist_id == "dana"


def lasts_long(uow, scene):
    share = get_case_staff(uow, scene.case.code, "sol")
    return share is not None and (share.until - share.since).days > 7


def holds_recovery_code(uow, scene):
    hashes = [hashed for staff_id, hashed in second_step.list_recovery_codes(uow) if staff_id == scene.mika.id]
    return len(hashes) == 10


def is_usable(uow, scene):
    return any(code.id == scene.code.code.id for code in codes.list_codes(uow, scene.case.code))


OPEN = {
    "account": lambda uow, scene: accounts.get_staff(uow, scene.mika.id).disabled_on is None,
    "password": lambda uow, scene: has_password(uow, scene.mika.id, scene.mika.password_hash),
    "password of who is linked": lambda uow, scene: has_password(uow, scene.lin.id, scene.lin.password_hash),
    "password by linking": lambda uow, scene: has_password(uow, scene.mika.id, scene.mika.password_hash),
    "invitation taken up": lambda uow, scene: bool(invitations_of(uow, scene.noor)),
    "invitation replaced": lambda uow, scene: bool(invitations_of(uow, scene.noor)),
    "another app": lambda uow, scene: second_step.sealed_seed_of(uow, scene.mika.id) is not None,
    "second step reset": lambda uow, scene: second_step.sealed_seed_of(uow, scene.mika.id) is not None,
    "passkeys by a reset": lambda uow, scene: bool(passkeys.list_passkeys(uow, scene.mika.id)),
    "recovery codes": lambda uow, scene: second_step.count_recovery_codes(uow, scene.mika.id) > 0,
    "recovery code": holds_recovery_code,
    "passkey": lambda uow, scene: bool(passkeys.list_passkeys(uow, scene.mika.id)),
    "link": lambda uow, scene: identity_of(uow, scene.lin.id) is not None,
    "password beside a link": lambda uow, scene: identity_of(uow, scene.lin.id).keeps_password,
    "share": lambda uow, scene: get_case_staff(uow, scene.case.code, "sol") is not None,
    "longer share": lasts_long,
    "share by handing over": lambda uow, scene: get_case_staff(uow, scene.case.code, "sol") is not None,
    "case": is_led_by_dana,
    "access code": is_usable,
}
"""Whether a clinic holds what was taken away, as it was before."""


def is_open(world, scene, what):
    with world.writing() as uow:
        return OPEN[what](uow, scene)


def log_of(world):
    with world.reading() as uow:
        assert verify_audit(uow, world.installation.keyring).is_whole
        return [record for record in list_records(uow) if record.action.startswith("restore.")]


@pytest.mark.parametrize("what", REMOVES)
def test_what_was_taken_away_after_a_backup_stays_taken_away(world, scene, shelf, tmp_path, what):
    file = backed_up(world, tmp_path)
    assert is_open(world, scene, what)
    REMOVES[what](world, scene)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert not is_open(there, scene, what)
        written = log_of(there)
        assert written
        assert [record.action for record in written] == [kind.action for kind, _ in told.access[0].ended]
        assert {record.actor for record in written} == {"operator"}


SIGN_INS = {"staff_sessions", "audit_log", "audit_log_heads", "submission_keys", "tenant_lookup", "instruments"}
"""What every restore changes."""


@pytest.mark.parametrize("what", REMOVES)
def test_what_was_taken_away_before_a_backup_changes_nothing(world, scene, shelf, tmp_path, what):
    REMOVES[what](world, scene)
    file = backed_up(world, tmp_path)
    before = {table.name: table for table in sums_in(world.installation.database)}
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        after = {table.name: table for table in sums_in(database)}
        assert {name for name in before if before[name] != after[name]} <= SIGN_INS
        assert (log_of(there), told.access[0].ended) == ([], ())


def gives_back_the_account(world, scene):
    it = world.installation
    with world.writing() as uow:
        enable_staff(uow, it.clock, it.keyring, staff=accounts.get_staff(uow, scene.mika.id), by="anna")


GIVES_BACK = {"account": gives_back_the_account, "share": lambda world, scene: shares(world, scene.case)}


@pytest.mark.parametrize("what", GIVES_BACK)
def test_what_was_given_back_before_a_backup_stays_given_back(world, scene, shelf, tmp_path, what):
    REMOVES[what](world, scene)
    GIVES_BACK[what](world, scene)
    file = backed_up(world, tmp_path)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert is_open(there, scene, what)
        assert told.access[0].ended == ()


@pytest.mark.parametrize("what", ["account", "password", "share", "access code"])
def test_a_removal_whose_process_is_killed_before_it_is_committed_is_not_lost(world, scene, shelf, tmp_path, what):
    file = backed_up(world, tmp_path)
    with killed_before_commit(), pytest.raises(Killed):
        REMOVES[what](world, scene)
    assert is_open(world, scene, what), "the transaction was rolled back"
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert not is_open(there, scene, what)


@contextmanager
def killed_before_commit():
    """Let the process be killed at the moment when a transaction would be committed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sqlalchemy.Connection.commit", killed)
        yield


def killed(*_given):
    raise Killed


def test_a_backup_made_before_another_was_put_back_gives_nothing_back_either(world, scene, shelf, tmp_path):
    """Its audit log has a record with the number of the removal as well, which says something else."""
    early = backed_up(world, tmp_path)
    for _ in range(9):
        draws(world, make_recovery_codes, staff=scene.mika)
    (tmp_path / "later").mkdir()
    late = backed_up(world, tmp_path / "later")
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, early)
        REMOVES["access code"](there, scene)
    with another_place(shelf, tmp_path / "newer") as database:
        there, _ = restored(world, database, late)
        assert not is_open(there, scene, "access code")


def test_the_old_password_signs_in_no_more_and_its_owner_is_to_be_invited(world, scene, shelf, tmp_path):
    it = world.installation
    file = backed_up(world, tmp_path)
    does(world, change_password, staff=scene.mika, password_hash=it.passwords.hash("nine loud badgers dig"))
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert [one.id for one in told.access[0].to_invite] == [scene.mika.id]
        with pytest.raises(SignInFailed):
            signs_in(there, scene.mika, PHRASE)
        link = draws(there, reinvite_staff, staff=accounts_of(there, scene.mika), by="anna")
        assert link.staff.id == scene.mika.id
        does(there, change_password, staff=scene.mika, password_hash=it.passwords.hash("ten tall herons wade"))
        assert [one.staff.id for one in signs_in(there, scene.mika, "ten tall herons wade")] == [scene.mika.id]
        with there.reading() as uow:
            assert second_step.sealed_seed_of(uow, scene.mika.id), "a new password alone opens nothing"


def accounts_of(world, person):
    with world.reading() as uow:
        return accounts.get_staff(uow, person.id)


def signs_in(world, person, phrase):
    it = world.installation
    guard = guard_at(it, SOMEWHERE, None)
    return sign_in(it.database, it.clock, it.keyring, it.passwords, email=person.email, password=phrase, guard=guard)


def test_a_second_step_that_was_replaced_leaves_no_way_in_with_the_password_alone(world, scene, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    REMOVES["another app"](world, scene)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert [one.id for one in told.access[0].to_invite] == [scene.mika.id]
        with pytest.raises(SignInFailed):
            signs_in(there, scene.mika, PHRASE)


def test_who_signs_in_through_the_organisation_still_does_and_no_password_fits(world, scene, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    REMOVES["password of who is linked"](world, scene)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        lin = accounts_of(there, scene.lin)
        assert (lin.is_active, told.access[0].to_invite) == (True, ())
        for phrase in ("", PHRASE):
            assert not there.installation.passwords.matches(lin.password_hash, phrase)


def test_a_case_handed_over_to_somebody_the_backup_does_not_know_is_named(world, scene, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    late = world.hire(a_therapist(id="late", email="late@example.org"))
    does(world, hand_over_case, case=scene.case, to=late.id, by=world.therapist)
    with another_place(shelf, tmp_path / "new") as database:
        _, told = restored(world, database, file)
        assert told.access[0].still_led == (scene.case.code,)


def test_a_case_that_came_back_to_its_therapist_is_not_named(world, scene, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    does(world, hand_over_case, case=scene.case, to="iris", by=world.therapist)
    with world.reading() as uow:
        handed = care.get_case(uow, scene.case.code)
    does(world, hand_over_case, case=handed, to="dana", by=scene.iris)
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert told.access[0].still_led == ()
        assert is_open(there, scene, "case")


def test_what_is_not_in_the_backup_is_passed_over(world, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    late = world.hire(a_therapist(id="late", email="late@example.org"))
    does(world, disable_staff, staff=late, by="anna")
    with another_place(shelf, tmp_path / "new") as database:
        there, told = restored(world, database, file)
        assert (log_of(there), told.access[0].ended) == ([], ())


def test_the_link_and_the_typed_characters_of_a_revoked_code_lead_to_no_form(world, scene, shelf, tmp_path):
    file = backed_up(world, tmp_path)
    REMOVES["access code"](world, scene)
    with another_place(shelf, tmp_path / "new") as database:
        there, _ = restored(world, database, file)
        assert opens(there, scene.code.token) == 410
        with there.reading() as uow:
            assert not clinics_behind(uow, "typed", typed_hash_of(there, scene.code))


def typed_hash_of(world, shown):
    return typed_hash(world.installation.keyring, shown.typed)


def opens(world, token):
    return Phone(create_app(world.installation)).opens(token).status_code


def journal_files(world):
    folder = world.installation.settings.data_dir / "journal"
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("revoked-*.txt")}


def test_the_journal_names_nobody(world, scene):
    for what in ("recovery code", "passkey", "share", "access code", "case", "link", "account"):
        REMOVES[what](world, scene)
    (content,) = journal_files(world).values()
    named = (scene.mika, scene.lin, scene.iris, world.therapist)
    words = [word for one in named for word in (f" {one.id} ", one.email, one.display_name)]
    for word in (*words, scene.case.code, "key-1", scene.code.code.id, scene.code.token, IDENTITY.hex()):
        assert word not in content
    for line in content.splitlines():
        clinic, _kind, digest, chain = line.split(" ")
        assert (clinic, len(digest), len(chain)) == (world.clinic.id, 64, 64)


@pytest.mark.parametrize(("day", "is_kept"), [("2026-05-05", True), ("2026-05-06", False)])
def test_lines_are_deleted_when_no_backup_may_be_older(world, scene, day, is_kept):
    REMOVES["share"](world, scene)
    it = world.on(day).installation
    purge(it.database, it.clock, it.chance, it.journal)
    assert bool(journal_files(world)) is is_kept

"""Keys of another installation are known before a page is served, and a damaged row is not taken for one."""

from dataclasses import replace

import pytest

from feedback.domain.errors import KeysWrong
from feedback.persistence.audit import append_record
from feedback.persistence.base import metadata
from feedback.security.key_uses import PURPOSES
from feedback.security.keyring import Keyring
from feedback.services.upkeep.check_keys import check_keys
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import hires_with_both_steps


@pytest.fixture
def full(world):
    """A clinic in use: comments, labels, codes, an account found by its address, a log."""
    case = a_case_that_fell(world, comment="Too fast.")
    world.shows_a_code(case, world.meets(case))
    hires_with_both_steps(world)
    return world


def held_against(world, keyring):
    with world.installation.database.reading(None) as uow:
        check_keys(uow, keyring)


def with_one_of(world, tmp_path, purpose):
    """The clinic's own keys but for one, which is another installation's."""
    own, other = world.installation.keyring, Keyring.create(tmp_path / "others")
    ring = other.ring if purpose == "data" else own.ring
    return replace(own, keys=own.keys | {purpose: other.keys[purpose]}, ring=ring)


def test_the_clinics_own_keys_fit(full):
    held_against(full, full.installation.keyring)


@pytest.mark.parametrize("purpose", ["codes", "data", "audit"])
def test_a_key_of_another_installation_is_named_with_the_remedy(full, tmp_path, purpose):
    with pytest.raises(KeysWrong, match=rf"{purpose}\.key is not the one this database was written under\. Put that"):
        held_against(full, with_one_of(full, tmp_path, purpose))


def test_what_leaves_nothing_behind_cannot_be_held_against_it(full, tmp_path):
    for purpose in set(PURPOSES) - {"codes", "data", "audit"}:
        held_against(full, with_one_of(full, tmp_path, purpose))


def test_where_there_is_nothing_yet_every_key_fits(installation, tmp_path):
    with installation.database.reading(None) as uow:
        check_keys(uow, Keyring.create(tmp_path / "others"))


def test_a_damaged_comment_and_a_changed_record_are_no_wrong_key(full):
    with full.writing() as uow:
        uow.connection.execute(metadata.tables["responses"].update().values(sealed_comment=b"\x02damaged" * 40))
        first = metadata.tables["audit_log"].c.number == 1
        uow.connection.execute(metadata.tables["audit_log"].update().where(first).values(actor="somebody"))
    held_against(full, full.installation.keyring)


def test_half_way_through_a_turn_of_the_data_key_both_fit(full):
    full.installation.keyring.ring.turn_over()
    held_against(full, full.installation.keyring)
    held_against(full, Keyring.load(full.installation.keyring.folder))


def test_a_log_that_a_stranger_wrote_alone_does_not_fit(world, tmp_path):
    other = Keyring.create(tmp_path / "others")
    with world.writing() as uow:
        at = world.installation.clock.now()
        chain = lambda before, parts: other.hash("audit", before.hex(), *parts)  # noqa: E731  one line of use
        append_record(uow, at=at, actor="x", action="y", subject="z", chain=chain)
    with pytest.raises(KeysWrong, match=r"audit\.key"):
        held_against(world, world.installation.keyring)

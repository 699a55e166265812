"""The schema can be spread over several machines by clinic, without a rewrite: docs/scale.md says how."""

import pytest
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from feedback.persistence import tables  # noqa: F401  fills the metadata
from feedback.persistence.base import metadata

BY_HASH = {"tenant_lookup", "sealed_submissions", "tablet_visits", "failed_attempts"}
"""Spread by the hash they are found or counted by, before a clinic is known."""

EVERYWHERE = {"clinics", "instruments", "submission_keys"}
"""Small, and the same on every machine."""

BY_CLINIC = sorted(set(metadata.tables) - BY_HASH - EVERYWHERE)


@pytest.mark.parametrize("name", BY_CLINIC)
def test_every_key_of_a_clinics_table_holds_the_clinic(name):
    for constraint in metadata.tables[name].constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint):
            assert "clinic_id" in {column.name for column in constraint.columns}, constraint.name


@pytest.mark.parametrize("name", BY_CLINIC)
def test_what_a_row_hangs_on_lies_on_the_same_machine(name):
    for constraint in metadata.tables[name].foreign_key_constraints:
        assert constraint.referred_table.name not in BY_HASH
        pairs = {(each.parent.name, each.column.name) for each in constraint.elements}
        assert pairs & {("clinic_id", "clinic_id"), ("clinic_id", "id")}, constraint.name


def test_the_tables_spread_otherwise_are_there():
    assert set(metadata.tables) >= BY_HASH | EVERYWHERE

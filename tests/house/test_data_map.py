"""Nothing is kept that the data map does not name."""

from feedback.persistence.base import metadata
from tests.support.data_map import GROUPS
from tests.support.key_inventory import COLUMNS, columns_of_bytes

NEVER = (
    "ip",
    "agent",
    "address",
    "device",
    "phone_number",
    "birth",
    "answered_at",
    "created_at",
    "opened_at",
    "sent_at",
)
"""Columns that no table about clients may have."""


def test_every_table_is_described_once_and_every_description_has_its_table():
    described = [name for group in GROUPS.values() for name in group]
    assert sorted(described) == sorted(metadata.tables)


def test_no_table_that_clients_fill_knows_a_time_or_a_device():
    for name in GROUPS["What clients send"]:
        columns = {column.name for column in metadata.tables[name].c}
        kinds = {str(column.type) for column in metadata.tables[name].c}
        assert not columns & set(NEVER), name
        assert not {kind for kind in kinds if "TIME" in kind or kind == "DATE"}, name


def test_every_column_of_bytes_says_how_it_is_protected():
    assert columns_of_bytes() == set(COLUMNS)

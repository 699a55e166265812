"""0004 gives every clinic the product's own looks; going down takes what was chosen and nothing else."""

from tests.migrations.rows import CLINIC
from tests.migrations.test_0003 import _insert, _rows

PLAIN = {"accent": "", "quick_exit": "", "script_enabled": False}
CHOSEN = {"accent": "#7a3b69", "quick_exit": "https://www.example.org/", "script_enabled": True}


def test_upgrade_leaves_every_choice_open(bare_database, stand_at):
    _insert(bare_database, stand_at("0003"), {"clinics": CLINIC})
    tables = stand_at("0004")
    assert _rows(bare_database, tables, "clinics") == [CLINIC | PLAIN]
    _insert(bare_database, tables, {"clinics": CLINIC | CHOSEN | {"id": "other"}})
    assert CLINIC | CHOSEN | {"id": "other"} in _rows(bare_database, tables, "clinics")


def test_downgrade_takes_what_was_chosen_and_nothing_else(bare_database, stand_at):
    _insert(bare_database, stand_at("0004"), {"clinics": CLINIC | CHOSEN})
    assert _rows(bare_database, stand_at("0003"), "clinics") == [CLINIC]

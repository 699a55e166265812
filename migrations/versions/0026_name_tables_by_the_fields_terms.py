"""Give seven tables, with their constraints and indexes, the names that the field has for what is in them."""

import re
from collections.abc import Mapping
from hashlib import md5

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

RENAMED = {
    "doors": "tenant_lookup",
    "tries": "failed_attempts",
    "audit": "audit_log",
    "audit_ends": "audit_log_heads",
    "repairs": "repair_notes",
    "guesses": "therapist_predictions",
    "looks": "read_receipts",
}

_CONSTRAINTS = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:name) AND contype <> 'f'")
_INDEXES = sa.text(
    "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = to_regclass(:name) "
    "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
)
_DEFINED = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY type = 'index'")


def upgrade() -> None:
    _rename(RENAMED)


def downgrade() -> None:
    _rename({new: old for old, new in RENAMED.items()})


def _rename(names: Mapping[str, str]) -> None:
    rename = _copy_under if op.get_bind().dialect.name == "sqlite" else _rename_in_place
    for old, new in names.items():
        rename(old, new)


def _rename_in_place(old: str, new: str) -> None:
    bind = op.get_bind()
    op.rename_table(old, new)
    names = {name: _renamed(name, old, new) for name in bind.scalars(_CONSTRAINTS, {"name": new})}
    for key in sa.inspect(bind).get_foreign_keys(new):
        named = "_".join(["fk", new, *key["constrained_columns"], key["referred_table"]])
        names[str(key["name"])] = _within_63(named)
    for name, other in names.items():
        if name != other:
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name} TO {other}")
    for name in bind.scalars(_INDEXES, {"name": new}).all():
        op.execute(f"ALTER INDEX {name} RENAME TO {_renamed(name, old, new)}")


def _within_63(name: str) -> str:
    """Return a name as SQLAlchemy shortens it to what PostgreSQL takes."""
    return name if len(name) <= 63 else f"{name[:55]}_{md5(name.encode(), usedforsecurity=False).hexdigest()[-4:]}"


def _copy_under(old: str, new: str) -> None:
    """SQLite keeps names of constraints in the text of the table, which no statement of it changes."""
    table, *indexes = op.get_bind().scalars(_DEFINED, {"name": old}).all()
    op.execute(sa.text(_renamed(re.sub(rf'^CREATE TABLE "?{old}"?', f"CREATE TABLE {new}", table), old, new)))
    op.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608  names of our own tables
    op.drop_table(old)
    for index in indexes:
        op.execute(sa.text(_renamed(re.sub(rf'\bON "?{old}"?(?=\W)', f"ON {new}", index), old, new)))


def _renamed(text: str, old: str, new: str) -> str:
    """Return a name, or a definition, with the table's name in each name of a constraint or index replaced."""
    return re.sub(rf"\b(pk|fk|ck|uq|ix)_{old}(?=_|\b)", rf"\1_{new}", text)

"""Replace the pool and the anonymous rows by sealed submissions, and cut what linked them to each other and to cases.

Rows of the pool were found by a hash of code and day, anonymous rows by the hash of a receipt that had been a row's of
the pool as well. Both get ids drawn by chance, and both are sealed anew, so that nothing in a row is equal to anything
in a copy made before: what is sealed already is sealed once more. Their receipts lead nowhere in the database; the
journal keeps what is withdrawn with one of them.

The version before cannot read what is sealed from now on: a downgrade gives it up.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from nacl.public import PublicKey, SealedBox

revision = "0018"
down_revision = "0017"

_AT_ONCE = 1_000


def upgrade() -> None:
    op.create_table(
        "sealed_submissions",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_sealed_submissions_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_submissions")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sealed_submissions_clinic_id"), "sealed_submissions", ["clinic_id"])
    op.create_table(
        "submission_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("rewritten_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_keys")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO submission_keys (id, public_key, made_on, rewritten_on) "
        "SELECT id, public_key, made_on, made_on FROM pool_keys WHERE made_on IS NOT NULL"
    )
    _seal_again(op.get_bind())
    doors = sa.table("doors", *map(sa.column, ("kind", "hash", "clinic_id")))
    for name in ("pool", "anonymous_responses"):
        kept = sa.table(name, *map(sa.column, ("clinic_id", "receipt_hash")))
        theirs = sa.exists().where(kept.c.clinic_id == doors.c.clinic_id, kept.c.receipt_hash == doors.c.hash)
        op.execute(sa.delete(doors).where(doors.c.kind == "receipt", theirs))
        op.drop_table(name)
    op.drop_table("pool_keys")


def downgrade() -> None:
    op.create_table(
        "pool_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_keys")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO pool_keys (id, public_key, made_on) SELECT id, public_key, made_on FROM submission_keys")
    op.create_table(
        "pool",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_pool_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_pool")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "anonymous_responses",
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("instrument_id", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("direct", sa.Text(), nullable=True),
        sa.Column("receipt_hash", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(create_constraint=True, name="withdrawn_is_bool"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_anonymous_responses_clinic_id_clinics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_anonymous_responses")),
        sa.UniqueConstraint("clinic_id", "receipt_hash", name=op.f("uq_anonymous_responses_clinic_id_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.drop_index(op.f("ix_sealed_submissions_clinic_id"), table_name="sealed_submissions")
    op.drop_table("sealed_submissions")
    op.drop_table("submission_keys")


def _seal_again(connection: sa.Connection) -> None:
    """Seal every row of both tables under an id drawn by chance, in the order of those ids."""
    keys = {
        row.id: bytes(row.public_key)
        for row in connection.execute(sa.text("SELECT id, public_key FROM pool_keys ORDER BY made_on, id"))
    }
    rows = [*_waiting(connection, keys), *_filed(connection, keys)]
    put = sa.text("INSERT INTO sealed_submissions (id, clinic_id, key_id, sealed) VALUES (:id, :clinic, :key, :sealed)")
    ordered = sorted(rows, key=lambda row: row["id"])
    for start in range(0, len(ordered), _AT_ONCE):
        connection.execute(put, ordered[start : start + _AT_ONCE])


def _waiting(connection: sa.Connection, keys: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    """Return what waited. What is sealed to a key that is not known any more can be read by nobody, and is left out."""
    for row in connection.execute(sa.text("SELECT clinic_id, key_id, sealed FROM pool")):
        if row.key_id in keys:
            content = {"sealed": bytes(row.sealed).hex()}
            yield _sealed(row.clinic_id, row.key_id, keys[row.key_id], content)


def _filed(connection: sa.Connection, keys: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    table = sa.table(
        "anonymous_responses",
        *map(sa.column, ("clinic_id", "month", "instrument_id", "instrument_version", "direct", "receipt_hash")),
        sa.column("ratings", sa.JSON()),
        sa.column("withdrawn", sa.Boolean()),
    )
    rows = connection.execute(sa.select(table)).all()
    if rows and not keys:
        raise RuntimeError("There are filed answers and no key of the pool. Run with the version before: file-pool")
    for row in rows:
        if not row.withdrawn:
            content = {
                "month": row.month,
                "instrument": row.instrument_id,
                "version": row.instrument_version,
                "ratings": row.ratings,
                "direct": row.direct,
                "receipt": bytes(row.receipt_hash).hex(),
            }
            newest = list(keys)[-1]
            yield _sealed(row.clinic_id, newest, keys[newest], content)


def _sealed(clinic_id: str, key_id: str, public_key: bytes, content: dict[str, Any]) -> dict[str, Any]:
    """Pad as `security.sealing` does from 512 bytes on, and seal."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\x80"
    size = 512 if len(plain) <= 512 else -(-len(plain) // 1024) * 1024
    sealed = bytes(SealedBox(PublicKey(public_key)).encrypt(plain.ljust(size, b"\x00")))
    return {"id": secrets.token_bytes(32), "clinic": clinic_id, "key": key_id, "sealed": sealed}

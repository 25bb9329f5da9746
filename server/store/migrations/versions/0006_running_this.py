"""Running this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import server.store.tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("raised_at", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", server.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", server.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("clear_told_at", server.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarms_name"), ["name"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("session", sa.String(length=12), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.String(length=16), nullable=False),
        sa.Column("instance", sa.String(length=120), nullable=False),
        sa.Column("last_at", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", "instance", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "operator_sessions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", server.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_operator_sessions")),
    )
    # Alarms used to be notices; what is left of them would stand on the public page.
    op.execute("DELETE FROM deliveries WHERE notice_id IN (SELECT id FROM notices WHERE kind = 'alarm')")
    op.execute("DELETE FROM notices WHERE kind = 'alarm'")


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("operator_sessions")
    op.drop_table("heartbeats")
    op.drop_table("audit")
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarms_name"))

    op.drop_table("alarms")

"""Suggestions that an operator has decided on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    with op.batch_alter_table("suggestions") as table:
        table.add_column(sa.Column("state", sa.String(length=8), nullable=False, server_default="open"))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("suggestions") as table:
        table.drop_column("state")

"""Since when at the earliest a change of signals may have stood, for those found in archives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.store.tables import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    with op.batch_alter_table("signal_changes") as table:
        table.add_column(sa.Column("since", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("signal_changes") as table:
        table.drop_column("since")

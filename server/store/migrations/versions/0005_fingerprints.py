"""Fingerprints of pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up to this revision."""
    op.add_column("sources", sa.Column("fingerprint", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("sources", "fingerprint")

"""A firm may name the firm that owns more than half of it, so that firms of one group count once."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_groups"
down_revision = "2026_11_22_history_kept"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firm", sa.Column("enterprise_group", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("firm", "enterprise_group")

"""Statistics keep what stands in the way of a firm, as it said at its submission."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_hindrances"
down_revision = "2026_11_22_groups"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("hindrances", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("outcome", "hindrances")

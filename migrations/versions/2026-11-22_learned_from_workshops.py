"""A workshop keeps the protocol it was held by; a learned model, which workshops it was taught by."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_learned"
down_revision = "2026_11_22_room_roadmaps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workshop") as batch:
        batch.add_column(sa.Column("protocol", sa.String(32), nullable=False, server_default="best-worst 1"))
    with op.batch_alter_table("learned_model") as batch:
        batch.add_column(sa.Column("taught_by", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("looked_at", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("learned_model") as batch:
        batch.drop_column("looked_at")
        batch.drop_column("taught_by")
    with op.batch_alter_table("workshop") as batch:
        batch.drop_column("protocol")

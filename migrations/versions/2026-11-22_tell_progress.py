"""Progress of an action has the day it holds from and who said so; a report keeps what else it tells."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_progress"
down_revision = "2026_11_22_named"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("action_progress") as batch:
        batch.add_column(sa.Column("day", sa.String(10), nullable=False, server_default=""))
        batch.add_column(sa.Column("changed_by", sa.Text(), nullable=False, server_default=""))
        batch.drop_column("done_at")
    op.add_column("report_render", sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("report_render", "told")
    with op.batch_alter_table("action_progress") as batch:
        batch.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_column("changed_by")
        batch.drop_column("day")

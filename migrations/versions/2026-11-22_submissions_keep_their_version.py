"""A past submission keeps the version it answered, and a move says whose it was."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_versions"
down_revision = "2026_11_22_progress"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("past_submission") as batch:
        batch.add_column(sa.Column("questionnaire_version", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("version_move") as batch:
        batch.add_column(sa.Column("moved_by", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("version_move") as batch:
        batch.drop_column("moved_by")
    with op.batch_alter_table("past_submission") as batch:
        batch.drop_column("questionnaire_version")

"""The roadmap of a room: what it allows itself, when owners were told, and dissent with a single action."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_room_roadmaps"
down_revision = "2026_11_22_workshops"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop", sa.Column("wishes", sa.JSON(), nullable=True))
    op.add_column("workshop_action", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workshop_action", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("dissent") as batch:
        batch.add_column(sa.Column("workshop_action_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_dissent_workshop_action_id_workshop_action",
            "workshop_action",
            ["workshop_action_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("dissent") as batch:
        batch.drop_constraint("fk_dissent_workshop_action_id_workshop_action", type_="foreignkey")
        batch.drop_column("workshop_action_id")
    op.drop_column("workshop_action", "reminded_at")
    op.drop_column("workshop_action", "linked_at")
    op.drop_column("workshop", "wishes")

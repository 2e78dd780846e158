"""Queues of cases: those of a programme in the order of their due days."""

from alembic import op

revision = "2026_11_22_queues_of_cases"
down_revision = "2026_11_22_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("programme_case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_programme_case_programme_id_due_on_id", ["programme_id", "due_on", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("programme_case", schema=None) as batch_op:
        batch_op.drop_index("ix_programme_case_programme_id_due_on_id")

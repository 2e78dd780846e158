"""Respondents name themselves, and conflicts say who settled them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_named"
down_revision = "2026_11_22_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("respondent", sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("answer_conflict") as batch:
        batch.add_column(sa.Column("settled_by", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_answer_conflict_settled_by_respondent", "respondent", ["settled_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("answer_conflict") as batch:
        batch.drop_constraint("fk_answer_conflict_settled_by_respondent", type_="foreignkey")
        batch.drop_column("settled_by")
    op.drop_column("respondent", "named_at")

"""Answers of firms are taken into a workshop in batches of five or more, each added up once."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_firm_batches"
down_revision = "2026_11_22_learned"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "firm_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("firms", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_firm_batch_workshop_id_workshop"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_batch")),
        sa.UniqueConstraint("workshop_id", "number", name=op.f("uq_firm_batch_workshop_id_number")),
    )


def downgrade() -> None:
    op.drop_table("firm_batch")

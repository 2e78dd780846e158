"""Who names an assessment is found by an index: deleting one reads no other table from end to end."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_named_by"
down_revision = "2026_11_22_figures"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_assessment_previous_id", "assessment", "previous_id"),
    ("ix_programme_case_again_id", "programme_case", "again_id"),
)


def upgrade() -> None:
    for name, table, column in INDEXES:
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)

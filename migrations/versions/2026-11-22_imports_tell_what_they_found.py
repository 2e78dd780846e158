"""An import tells what it found: how many firms are new, how many assessments it holds, how the file was read."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_imports"
down_revision = "2026_11_22_programmes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_order", sa.Column("found", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("import_order", "found")

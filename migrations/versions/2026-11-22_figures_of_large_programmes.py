"""Large programmes: figures that are kept, cases that are counted by an index alone, the same for thousands of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_figures"
down_revision = "2026_11_22_queues_of_cases"
branch_labels = None
depends_on = None

FUNNEL = (
    *("applied", "eligible", "selected", "self_assessed", "on_site"),
    *("endorsed", "support_applied", "action_done", "reassessed"),
)
PLACES = " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(FUNNEL))


def upgrade() -> None:
    op.create_table(
        "case_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("not_done", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_case_order_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_case_order_user_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_order")),
    )
    op.create_index(op.f("ix_case_order_programme_id"), "case_order", ["programme_id"])
    op.create_table(
        "programme_figures",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_figures_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme_figures")),
    )
    op.create_table(
        "verified_pair",
        sa.Column("verification_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=130), nullable=False),
        sa.Column("isic_section", sa.String(length=1), nullable=False),
        sa.Column("size", sa.String(length=8), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=False),
        sa.Column("levels", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_verified_pair_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["assessment.id"],
            name=op.f("fk_verified_pair_verification_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("verification_id", name=op.f("pk_verified_pair")),
    )
    op.create_index(op.f("ix_verified_pair_programme_id"), "verified_pair", ["programme_id"])
    _cases()
    # What was handed in before gets its figures from a worker, who knows the questionnaires.
    op.execute(
        "INSERT INTO job (kind, key, state, attempts, problem, run_at, created_at) "
        "SELECT 'programme_figures', CAST(id AS VARCHAR), 'queued', 0, '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
        "FROM programme WHERE EXISTS (SELECT 1 FROM programme_case WHERE programme_id = programme.id)"
    )


def _cases() -> None:
    op.add_column("programme_case", sa.Column("size", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("programme_case", sa.Column("furthest", sa.Integer(), nullable=False, server_default="0"))
    # Only those beside the funnel have been further than where they are.
    op.execute(
        f"UPDATE programme_case SET furthest = COALESCE((SELECT MAX(CASE state {PLACES} ELSE 0 END) FROM case_event "  # noqa: S608
        "WHERE case_id = programme_case.id AND kind IN ('moved', 'imported')), 0) "
        "WHERE state IN ('ineligible', 'not_selected', 'withdrawn')"
    )
    op.execute(
        "UPDATE programme_case SET size = outcome.size FROM outcome "
        "WHERE outcome.assessment_id = programme_case.assessment_id"
    )
    op.drop_index("ix_programme_case_programme_id_due_on_id", table_name="programme_case")
    op.drop_index("ix_programme_case_programme_id_state", table_name="programme_case")
    op.create_index("ix_programme_case_count", "programme_case", ["programme_id", "state", "due_on", "furthest"])
    op.create_index(
        "ix_programme_case_queue",
        "programme_case",
        ["programme_id", "due_on", "id", "state", "firm_id", "call_id", "assessor_id", "size"],
    )


def downgrade() -> None:
    op.drop_index("ix_programme_case_queue", table_name="programme_case")
    op.drop_index("ix_programme_case_count", table_name="programme_case")
    op.create_index("ix_programme_case_programme_id_state", "programme_case", ["programme_id", "state"])
    op.create_index("ix_programme_case_programme_id_due_on_id", "programme_case", ["programme_id", "due_on", "id"])
    op.drop_column("programme_case", "furthest")
    op.drop_column("programme_case", "size")
    op.drop_table("verified_pair")
    op.drop_table("programme_figures")
    op.drop_table("case_order")

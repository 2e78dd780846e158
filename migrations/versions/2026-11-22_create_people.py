"""Create people and what they do: sign-in, roles, respondents, saves by operation, evidence, progress of actions."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_people"
down_revision = "2026_11_22_first"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# SQLite makes a table anew to add a foreign key, and drops its triggers with the old one.
TRIGGER = (
    "CREATE TRIGGER answer_revision_is_append_only BEFORE UPDATE ON answer_revision "
    "BEGIN SELECT RAISE(ABORT, 'answer revisions are never changed'); END"
)
NEW = (
    "evidence", "answer_conflict", "version_move", "respondent", "past_submission", "answer_operation",
    "action_progress", "user_session", "role", "api_token", "user_account", "sign_in_code", "mail", "attempt_count",
)  # fmt: skip
OF_FIRM = (
    "changed_at", "founded", "is_exporter", "ownership", "turnover_currency", "turnover", "employees",
    "isic_division", "isic_section", "registration_number", "region",
)  # fmt: skip


def restore_trigger() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(TRIGGER)


def upgrade() -> None:
    op.create_table('attempt_count',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name='pk_attempt_count')
    )
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_mail')
    )
    op.create_table('sign_in_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('code_sha256', sa.String(length=64), nullable=False),
    sa.Column('browser_sha256', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_sign_in_code'),
    sa.UniqueConstraint('browser_sha256', name='uq_sign_in_code_browser_sha256')
    )
    op.create_index('ix_sign_in_code_email', 'sign_in_code', ['email'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('disabled_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('id', name='pk_user_account'),
    sa.UniqueConstraint('email', name='uq_user_account_email')
    )
    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('last_used_at', MOMENT, nullable=True),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name='fk_api_token_user_id_user_account', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_api_token'),
    sa.UniqueConstraint('token_sha256', name='uq_api_token_token_sha256')
    )
    op.create_index('ix_api_token_user_id', 'api_token', ['user_id'], unique=False)

    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('firm_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['firm_id'], ['firm.id'], name='fk_role_firm_id_firm', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name='fk_role_user_id_user_account', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_role'),
    sa.UniqueConstraint('user_id', 'role', 'firm_id', name='uq_role_user_id_role_firm_id')
    )
    op.create_index('ix_role_firm_id', 'role', ['firm_id'], unique=False)

    op.create_table('user_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_seen_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name='fk_user_session_user_id_user_account', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_user_session'),
    sa.UniqueConstraint('token_sha256', name='uq_user_session_token_sha256')
    )
    op.create_index('ix_user_session_user_id', 'user_session', ['user_id'], unique=False)

    op.create_table('action_progress',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('changed_at', MOMENT, nullable=False),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_action_progress_assessment_id_assessment', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_action_progress'),
    sa.UniqueConstraint('assessment_id', 'action_id', name='uq_action_progress_assessment_id_action_id')
    )
    op.create_table('answer_operation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('operation_id', sa.String(length=36), nullable=False),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_answer_operation_assessment_id_assessment', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_answer_operation'),
    sa.UniqueConstraint('assessment_id', 'operation_id', name='uq_answer_operation_assessment_id_operation_id')
    )
    op.create_index('ix_answer_operation_created_at', 'answer_operation', ['created_at'], unique=False)

    op.create_table('past_submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('frozen', sa.JSON(), nullable=False),
    sa.Column('scores', sa.JSON(), nullable=False),
    sa.Column('scoring_version', sa.String(length=32), nullable=False),
    sa.Column('submitted_at', MOMENT, nullable=False),
    sa.Column('submitted_by', sa.Text(), nullable=False),
    sa.Column('reopened_at', MOMENT, nullable=False),
    sa.Column('reopened_by', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_past_submission_assessment_id_assessment', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_past_submission')
    )
    op.create_index('ix_past_submission_assessment_id', 'past_submission', ['assessment_id'], unique=False)

    op.create_table('respondent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=True),
    sa.Column('sections', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_respondent_assessment_id_assessment', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name='fk_respondent_user_id_user_account', ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name='pk_respondent'),
    sa.UniqueConstraint('assessment_id', 'user_id', name='uq_respondent_assessment_id_user_id'),
    sa.UniqueConstraint('token_sha256', name='uq_respondent_token_sha256')
    )
    op.create_index('ix_respondent_assessment_id', 'respondent', ['assessment_id'], unique=False)

    op.create_table('version_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('from_version', sa.String(length=64), nullable=False),
    sa.Column('to_version', sa.String(length=64), nullable=False),
    sa.Column('left_behind', sa.JSON(), nullable=False),
    sa.Column('moved_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_version_move_assessment_id_assessment', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name='pk_version_move')
    )
    op.create_index('ix_version_move_assessment_id', 'version_move', ['assessment_id'], unique=False)

    op.create_table('answer_conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('met_version', sa.Integer(), nullable=False),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('respondent_id', sa.Integer(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.Column('settled_as', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_answer_conflict_assessment_id_assessment', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['respondent_id'], ['respondent.id'], name='fk_answer_conflict_respondent_id_respondent'),
    sa.PrimaryKeyConstraint('id', name='pk_answer_conflict')
    )
    op.create_index('ix_answer_conflict_open', 'answer_conflict', ['assessment_id', 'settled_at'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('respondent_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.String(length=32), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name='fk_evidence_assessment_id_assessment', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['respondent_id'], ['respondent.id'], name='fk_evidence_respondent_id_respondent'),
    sa.PrimaryKeyConstraint('id', name='pk_evidence')
    )
    op.create_index('ix_evidence_assessment_id_question_id', 'evidence', ['assessment_id', 'question_id'], unique=False)
    op.create_index('ix_evidence_content_sha256', 'evidence', ['content_sha256'], unique=False)

    with op.batch_alter_table('answer') as batch:
        batch.add_column(sa.Column('respondent_id', sa.Integer(), nullable=True))
        batch.create_foreign_key('fk_answer_respondent_id_respondent', 'respondent', ['respondent_id'], ['id'])

    with op.batch_alter_table('answer_revision') as batch:
        batch.add_column(sa.Column('respondent_id', sa.Integer(), nullable=True))
        batch.create_foreign_key('fk_answer_revision_respondent_id_respondent', 'respondent', ['respondent_id'], ['id'])

    with op.batch_alter_table('assessment') as batch:
        batch.add_column(sa.Column('previous_id', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('submitted_by', sa.Text(), nullable=False, server_default=''))
        batch.add_column(sa.Column('plan', sa.JSON(none_as_null=True), nullable=True))
        batch.create_foreign_key('fk_assessment_previous_id_assessment', 'assessment', ['previous_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('firm') as batch:
        batch.add_column(sa.Column('region', sa.String(length=6), nullable=False, server_default=''))
        batch.add_column(sa.Column('registration_number', sa.String(length=64), nullable=False, server_default=''))
        batch.add_column(sa.Column('isic_section', sa.String(length=1), nullable=False, server_default=''))
        batch.add_column(sa.Column('isic_division', sa.String(length=2), nullable=False, server_default=''))
        batch.add_column(sa.Column('employees', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('turnover', sa.Double(), nullable=True))
        batch.add_column(sa.Column('turnover_currency', sa.String(length=3), nullable=False, server_default=''))
        batch.add_column(sa.Column('ownership', sa.String(length=16), nullable=False, server_default=''))
        batch.add_column(sa.Column('is_exporter', sa.Boolean(), nullable=True))
        batch.add_column(sa.Column('founded', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('changed_at', MOMENT, nullable=True))
    restore_trigger()


def downgrade() -> None:
    with op.batch_alter_table("firm") as batch:
        for column in OF_FIRM:
            batch.drop_column(column)
    with op.batch_alter_table("assessment") as batch:
        batch.drop_constraint("fk_assessment_previous_id_assessment", type_="foreignkey")
        for column in ("plan", "submitted_by", "previous_id"):
            batch.drop_column(column)
    for table in ("answer_revision", "answer"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_respondent_id_respondent", type_="foreignkey")
            batch.drop_column("respondent_id")
    restore_trigger()
    for table in NEW:
        op.drop_table(table)

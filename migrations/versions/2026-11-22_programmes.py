"""Programmes: calls, cases and their history, verified assessments, outcomes as columns, releases, shared demand."""

import sqlalchemy as sa
from alembic import op

revision = '2026_11_22_programmes'
down_revision = '2026_11_22_firm_batches'
branch_labels = None
depends_on = None

# What a case went through is never changed; only who did it is forgotten when an account is closed.
KEPT = "case_id, number, kind, state, content, at"
APPEND_ONLY = {
    "sqlite": f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {KEPT} ON case_event "
    "BEGIN SELECT RAISE(ABORT, 'the history of a case is never changed'); END",
    "postgresql": f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {KEPT} ON case_event "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
}


def upgrade() -> None:
    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('questionnaire_id', sa.String(length=64), nullable=False),
    sa.Column('questionnaire_version', sa.String(length=64), nullable=False),
    sa.Column('eligibility', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('size_scheme', sa.String(length=16), nullable=False),
    sa.Column('targets', sa.JSON(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.Column('response_days', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme'))
    )
    op.create_table('assessing_body',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_assessing_body_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessing_body')),
    sa.UniqueConstraint('programme_id', 'name', name=op.f('uq_assessing_body_programme_id_name'))
    )
    op.create_table('import_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('problems', sa.Integer(), nullable=False),
    sa.Column('problems_sha256', sa.String(length=64), nullable=True),
    sa.Column('first_problems', sa.JSON(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_import_order_programme_id_programme'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_import_order_user_id_user_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_order'))
    )
    with op.batch_alter_table('import_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_order_programme_id'), ['programme_id'], unique=False)

    op.create_table('programme_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('opens_on', sa.String(length=10), nullable=False),
    sa.Column('closes_on', sa.String(length=10), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_call_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_call'))
    )
    with op.batch_alter_table('programme_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_call_programme_id'), ['programme_id'], unique=False)

    op.create_table('programme_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('step', sa.String(length=64), nullable=False),
    sa.Column('wishes', sa.JSON(), nullable=False),
    sa.Column('manifest', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('cube_sha256', sa.String(length=64), nullable=True),
    sa.Column('kept_sha256', sa.String(length=64), nullable=True),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_release_programme_id_programme'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_programme_release_user_id_user_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_release')),
    sa.UniqueConstraint('programme_id', 'number', name=op.f('uq_programme_release_programme_id_number'))
    )
    op.create_table('register_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('isic_section', sa.String(length=1), nullable=False),
    sa.Column('isic_division', sa.String(length=2), nullable=False),
    sa.Column('size', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('firms', sa.Integer(), nullable=False),
    sa.Column('employees', sa.Integer(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('as_of', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_register_count_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_count'))
    )
    with op.batch_alter_table('register_count', schema=None) as batch_op:
        batch_op.create_index('ix_register_count_programme_id', ['programme_id'], unique=False)

    op.create_table('shared_demand',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.String(length=200), nullable=False),
    sa.Column('isic_section', sa.String(length=1), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_shared_demand_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_demand'))
    )
    with op.batch_alter_table('shared_demand', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_demand_programme_id'), ['programme_id'], unique=False)

    op.create_table('support_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('enablers', sa.JSON(), nullable=False),
    sa.Column('rate', sa.Double(), nullable=True),
    sa.Column('cap', sa.Double(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('checked_on', sa.String(length=10), nullable=False),
    sa.Column('closes_on', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_support_offer_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_offer'))
    )
    with op.batch_alter_table('support_offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_offer_programme_id'), ['programme_id'], unique=False)

    op.create_table('demand_firm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('demand_id', sa.Integer(), nullable=False),
    sa.Column('firm_id', sa.Integer(), nullable=False),
    sa.Column('says', sa.String(length=8), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['demand_id'], ['shared_demand.id'], name=op.f('fk_demand_firm_demand_id_shared_demand'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['firm_id'], ['firm.id'], name=op.f('fk_demand_firm_firm_id_firm'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demand_firm')),
    sa.UniqueConstraint('demand_id', 'firm_id', name=op.f('uq_demand_firm_demand_id_firm_id'))
    )
    with op.batch_alter_table('demand_firm', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demand_firm_firm_id'), ['firm_id'], unique=False)

    op.create_table('outcome',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('firm_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('questionnaire', sa.String(length=130), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('is_verified', sa.Boolean(), nullable=False),
    sa.Column('isic_section', sa.String(length=1), nullable=False),
    sa.Column('isic_division', sa.String(length=2), nullable=False),
    sa.Column('size', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('ownership', sa.String(length=16), nullable=False),
    sa.Column('employees', sa.Integer(), nullable=True),
    sa.Column('scores', sa.LargeBinary(), nullable=False),
    sa.Column('levels', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_outcome_assessment_id_assessment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['firm_id'], ['firm.id'], name=op.f('fk_outcome_firm_id_firm'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_outcome_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assessment_id', name=op.f('pk_outcome'))
    )
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_firm_id'), ['firm_id'], unique=False)
        batch_op.create_index('ix_outcome_programme_id_wave', ['programme_id', 'wave'], unique=False)

    op.create_table('programme_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('body_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['body_id'], ['assessing_body.id'], name=op.f('fk_programme_member_body_id_assessing_body'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_member_programme_id_programme'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_programme_member_user_id_user_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_member')),
    sa.UniqueConstraint('programme_id', 'user_id', 'role', name=op.f('uq_programme_member_programme_id_user_id_role'))
    )
    with op.batch_alter_table('programme_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_member_user_id'), ['user_id'], unique=False)

    op.create_table('programme_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('firm_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('profile', sa.JSON(), nullable=False),
    sa.Column('verdict', sa.JSON(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=True),
    sa.Column('verification_id', sa.Integer(), nullable=True),
    sa.Column('again_id', sa.Integer(), nullable=True),
    sa.Column('assessor_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('visit_on', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.String(length=10), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('response', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('responded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_on', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['again_id'], ['assessment.id'], name=op.f('fk_programme_case_again_id_assessment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_programme_case_assessment_id_assessment'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['assessor_id'], ['programme_member.id'], name=op.f('fk_programme_case_assessor_id_programme_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['call_id'], ['programme_call.id'], name=op.f('fk_programme_case_call_id_programme_call'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['firm_id'], ['firm.id'], name=op.f('fk_programme_case_firm_id_firm'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['programme_member.id'], name=op.f('fk_programme_case_owner_id_programme_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_case_programme_id_programme'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['verification_id'], ['assessment.id'], name=op.f('fk_programme_case_verification_id_assessment'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_case')),
    sa.UniqueConstraint('call_id', 'firm_id', name=op.f('uq_programme_case_call_id_firm_id'))
    )
    with op.batch_alter_table('programme_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_case_assessment_id'), ['assessment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_case_assessor_id'), ['assessor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_case_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_case_firm_id'), ['firm_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_case_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_programme_case_programme_id_state', ['programme_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_case_verification_id'), ['verification_id'], unique=False)

    op.create_table('case_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['programme_case.id'], name=op.f('fk_case_event_case_id_programme_case'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_case_event_user_id_user_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_case_event_case_id_number'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verifies_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_assessment_verifies_id'), ['verifies_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_assessment_verifies_id_assessment'), 'assessment', ['verifies_id'], ['id'], ondelete='CASCADE')
    op.execute(APPEND_ONLY[op.get_bind().dialect.name])


def downgrade() -> None:
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assessment_verifies_id_assessment'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_assessment_verifies_id'))
        batch_op.drop_column('verifies_id')

    op.drop_table('case_event')
    with op.batch_alter_table('programme_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_case_verification_id'))
        batch_op.drop_index('ix_programme_case_programme_id_state')
        batch_op.drop_index(batch_op.f('ix_programme_case_owner_id'))
        batch_op.drop_index(batch_op.f('ix_programme_case_firm_id'))
        batch_op.drop_index(batch_op.f('ix_programme_case_due_on'))
        batch_op.drop_index(batch_op.f('ix_programme_case_assessor_id'))
        batch_op.drop_index(batch_op.f('ix_programme_case_assessment_id'))

    op.drop_table('programme_case')
    with op.batch_alter_table('programme_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_member_user_id'))

    op.drop_table('programme_member')
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_index('ix_outcome_programme_id_wave')
        batch_op.drop_index(batch_op.f('ix_outcome_firm_id'))

    op.drop_table('outcome')
    with op.batch_alter_table('demand_firm', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_demand_firm_firm_id'))

    op.drop_table('demand_firm')
    with op.batch_alter_table('support_offer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_support_offer_programme_id'))

    op.drop_table('support_offer')
    with op.batch_alter_table('shared_demand', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shared_demand_programme_id'))

    op.drop_table('shared_demand')
    with op.batch_alter_table('register_count', schema=None) as batch_op:
        batch_op.drop_index('ix_register_count_programme_id')

    op.drop_table('register_count')
    op.drop_table('programme_release')
    with op.batch_alter_table('programme_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_call_programme_id'))

    op.drop_table('programme_call')
    with op.batch_alter_table('import_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_order_programme_id'))

    op.drop_table('import_order')
    op.drop_table('assessing_body')
    op.drop_table('programme')

"""Create workshops: who is in the room, rounds and votes, gaps, the roadmap the room owns, and what was learned."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_workshops"
down_revision = "2026_11_22_versions"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('learned_model',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('instrument', sa.String(length=130), nullable=False),
    sa.Column('protocol', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('record_sha256', sa.String(length=64), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('learned_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learned_model')),
    sa.UniqueConstraint('instrument', 'protocol', 'number', name=op.f('uq_learned_model_instrument_protocol_number'))
    )
    with op.batch_alter_table('learned_model', schema=None) as batch_op:
        batch_op.create_index('ix_learned_model_current', ['instrument', 'protocol', 'is_current'], unique=False)

    op.create_table('workshop',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('questionnaire_id', sa.String(length=64), nullable=False),
    sa.Column('questionnaire_version', sa.String(length=64), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('agenda', sa.JSON(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('door', sa.String(length=8), nullable=False),
    sa.Column('code', sa.String(length=5), nullable=True),
    sa.Column('chair_sha256', sa.String(length=64), nullable=False),
    sa.Column('screen_sha256', sa.String(length=64), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('is_template', sa.Boolean(), nullable=False),
    sa.Column('is_rehearsal', sa.Boolean(), nullable=False),
    sa.Column('teaches', sa.Boolean(), nullable=False),
    sa.Column('copied_from_id', sa.Integer(), nullable=True),
    sa.Column('follows_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('screen', sa.JSON(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('started_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('signed_off', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['copied_from_id'], ['workshop.id'], name=op.f('fk_workshop_copied_from_id_workshop'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['follows_id'], ['workshop.id'], name=op.f('fk_workshop_follows_id_workshop'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_workshop_user_id_user_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('chair_sha256', name=op.f('uq_workshop_chair_sha256')),
    sa.UniqueConstraint('code', name=op.f('uq_workshop_code')),
    sa.UniqueConstraint('screen_sha256', name=op.f('uq_workshop_screen_sha256'))
    )
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_user_id'), ['user_id'], unique=False)

    op.create_table('dissent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('recorded_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_dissent_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dissent'))
    )
    with op.batch_alter_table('dissent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dissent_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('sent_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_invitation_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_invitation_token_sha256'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('round',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subjects', sa.JSON(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.Column('revealed_at', MOMENT, nullable=True),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('fired', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['previous_id'], ['round.id'], name=op.f('fk_round_previous_id_round'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_round_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('workshop_id', 'number', name=op.f('uq_round_workshop_id_number'))
    )
    op.create_table('workshop_action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('action_id', sa.String(length=200), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('first_step', sa.Text(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('owner_email', sa.String(length=254), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=False),
    sa.Column('due', sa.String(length=10), nullable=False),
    sa.Column('effort_days', sa.Double(), nullable=True),
    sa.Column('token_sha256', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_action_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_action')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_workshop_action_token_sha256'))
    )
    with op.batch_alter_table('workshop_action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_action_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('workshop_event',
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_event_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workshop_id', 'seq', name=op.f('pk_workshop_event'))
    )
    op.create_table('workshop_facilitator',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_workshop_facilitator_user_id_user_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_facilitator_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_facilitator')),
    sa.UniqueConstraint('workshop_id', 'user_id', name=op.f('uq_workshop_facilitator_workshop_id_user_id'))
    )
    with op.batch_alter_table('workshop_facilitator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_facilitator_user_id'), ['user_id'], unique=False)

    op.create_table('workshop_firm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('brought_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_workshop_firm_assessment_id_assessment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_firm_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_firm')),
    sa.UniqueConstraint('workshop_id', 'assessment_id', name=op.f('uq_workshop_firm_workshop_id_assessment_id'))
    )
    with op.batch_alter_table('workshop_firm', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_firm_assessment_id'), ['assessment_id'], unique=False)

    op.create_table('workshop_gap',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('target', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('is_listed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('agreed_place', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_gap_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_gap')),
    sa.UniqueConstraint('workshop_id', 'question_id', name=op.f('uq_workshop_gap_workshop_id_question_id'))
    )
    op.create_table('workshop_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('record_sha256', sa.String(length=64), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('template_version', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('progress', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('artifact_sha256', sa.String(length=64), nullable=True),
    sa.Column('artifact_bytes', sa.Integer(), nullable=True),
    sa.Column('requested_at', MOMENT, nullable=False),
    sa.Column('finished_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_report_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_report')),
    sa.UniqueConstraint('workshop_id', 'record_sha256', 'template_version', 'language', 'kind', name='uq_workshop_report_order')
    )
    op.create_table('participant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.String(length=32), nullable=False),
    sa.Column('nickname', sa.Text(), nullable=False),
    sa.Column('source', sa.String(length=9), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('code_sha256', sa.String(length=64), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('joined_at', MOMENT, nullable=False),
    sa.Column('removed_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_participant_invitation_id_invitation'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_participant_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
    sa.UniqueConstraint('invitation_id', name=op.f('uq_participant_invitation_id')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_participant_token_sha256')),
    sa.UniqueConstraint('workshop_id', 'code_sha256', name=op.f('uq_participant_workshop_id_code_sha256')),
    sa.UniqueConstraint('workshop_id', 'number', name=op.f('uq_participant_workshop_id_number'))
    )
    op.create_table('settled_level',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=200), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('how', sa.String(length=8), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('settled_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_settled_level_round_id_round'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_settled_level_workshop_id_workshop'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settled_level')),
    sa.UniqueConstraint('workshop_id', 'question_id', name=op.f('uq_settled_level_workshop_id_question_id'))
    )
    op.create_table('workshop_action_news',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_action_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('told_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['workshop_action_id'], ['workshop_action.id'], name=op.f('fk_workshop_action_news_workshop_action_id_workshop_action'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_action_news'))
    )
    with op.batch_alter_table('workshop_action_news', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_action_news_workshop_action_id'), ['workshop_action_id'], unique=False)

    op.create_table('vote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('recorded_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_vote_participant_id_participant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_vote_round_id_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vote')),
    sa.UniqueConstraint('round_id', 'participant_id', 'subject', name=op.f('uq_vote_round_id_participant_id_subject'))
    )
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vote_participant_id'), ['participant_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vote_participant_id'))

    op.drop_table('vote')
    with op.batch_alter_table('workshop_action_news', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_action_news_workshop_action_id'))

    op.drop_table('workshop_action_news')
    op.drop_table('settled_level')
    op.drop_table('participant')
    op.drop_table('workshop_report')
    op.drop_table('workshop_gap')
    with op.batch_alter_table('workshop_firm', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_firm_assessment_id'))

    op.drop_table('workshop_firm')
    with op.batch_alter_table('workshop_facilitator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_facilitator_user_id'))

    op.drop_table('workshop_facilitator')
    op.drop_table('workshop_event')
    with op.batch_alter_table('workshop_action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_action_workshop_id'))

    op.drop_table('workshop_action')
    op.drop_table('round')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_workshop_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('dissent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dissent_workshop_id'))

    op.drop_table('dissent')
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_user_id'))

    op.drop_table('workshop')
    with op.batch_alter_table('learned_model', schema=None) as batch_op:
        batch_op.drop_index('ix_learned_model_current')

    op.drop_table('learned_model')

"""Keep exclusions from indicators and figures entered by hand"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

COUNTING = ['event_id', 'status', 'group', 'country', 'participant']


def upgrade() -> None:
    op.create_table('manual_figures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_manual_figures_reason')),
    sa.CheckConstraint('number >= 0', name=op.f('ck_manual_figures_number')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicators.id'], name=op.f('fk_manual_figures_indicator_id_indicators'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['sha256'], ['stored_files.sha256'], name=op.f('fk_manual_figures_sha256_stored_files'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_manual_figures'))
    )
    op.create_index(op.f('ix_manual_figures_indicator_id'), 'manual_figures', ['indicator_id'], unique=False)
    op.create_index(op.f('ix_manual_figures_sha256'), 'manual_figures', ['sha256'], unique=False)

    op.create_table('exclusions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_exclusions_reason')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_exclusions_event_id_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicators.id'], name=op.f('fk_exclusions_indicator_id_indicators'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exclusions')),
    sa.UniqueConstraint('event_id', 'indicator_id', name=op.f('uq_exclusions_event_id_indicator_id'))
    )
    op.create_index(op.f('ix_exclusions_indicator_id'), 'exclusions', ['indicator_id'], unique=False)

    # What outcomes are counted from, so that counting reads the index alone.
    op.create_index('ix_participations_counting', 'participations', COUNTING, unique=False)


def downgrade() -> None:
    op.drop_index('ix_participations_counting', table_name='participations')
    op.drop_table('exclusions')
    op.drop_table('manual_figures')

"""Keep surveys: studies, instruments, waves, answers, paper forms, fieldwork and analyses"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def change_survey_targets(change: Callable[[int], int]) -> None:
    """What surveys are expected to say is kept in hundredths: in the rows, and in the rows as agreed and as loaded."""
    bind = op.get_bind()
    indicators = sa.table('indicators', sa.column('id'), sa.column('target'), sa.column('measure', sa.JSON()))
    for row in bind.execute(sa.select(indicators).where(indicators.c.target.is_not(None))).all():
        if row.measure.get('kind') == 'survey':
            bind.execute(indicators.update().where(indicators.c.id == row.id).values(target=change(row.target)))
    for name, identity, column in (('projects', 'code', 'loaded'), ('project_versions', 'id', 'rows')):
        table = sa.table(name, sa.column(identity), sa.column(column, sa.JSON()))
        for key, rows in bind.execute(sa.select(table.c[identity], table.c[column])).all():
            kept = [
                row
                for row in ((rows or {}).get('indicators') or {}).values()
                if (row.get('measure') or {}).get('kind') == 'survey' and row.get('target') is not None
            ]
            for row in kept:
                row['target'] = change(row['target'])
            if kept:
                bind.execute(table.update().where(table.c[identity] == key).values({column: rows}))


def upgrade() -> None:
    op.create_table('studies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('margins', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_studies_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_studies')),
    sa.UniqueConstraint('project_code', 'key', name=op.f('uq_studies_project_code_key'))
    )
    op.create_table('analyses',
    sa.Column('study_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['study_id'], ['studies.id'], name=op.f('fk_analyses_study_id_studies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('study_id', name=op.f('pk_analyses'))
    )
    op.create_table('instruments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('study_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('outdated', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(content_hash = '') = (published_at IS NULL)", name=op.f('ck_instruments_frozen')),
    sa.ForeignKeyConstraint(['study_id'], ['studies.id'], name=op.f('fk_instruments_study_id_studies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instruments')),
    sa.UniqueConstraint('study_id', 'number', name=op.f('uq_instruments_study_id_number'))
    )
    op.create_table('waves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('study_id', sa.Integer(), nullable=False),
    sa.Column('instrument_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=True),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('by_hand', sa.String(length=10), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('has_open_link', sa.Boolean(), nullable=False),
    sa.Column('tokens_issued', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('"by_hand" IN (\'\', \'open\', \'closed\')', name=op.f('ck_waves_by_hand')),
    sa.CheckConstraint('opens_on <= last_day', name=op.f('ck_waves_days')),
    sa.ForeignKeyConstraint(['instrument_id'], ['instruments.id'], name=op.f('fk_waves_instrument_id_instruments')),
    sa.ForeignKeyConstraint(['study_id'], ['studies.id'], name=op.f('fk_waves_study_id_studies'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waves')),
    sa.UniqueConstraint('study_id', 'key', name=op.f('uq_waves_study_id_key')),
    sa.UniqueConstraint('study_id', 'position', name=op.f('uq_waves_study_id_position')),
    sa.UniqueConstraint('token', name=op.f('uq_waves_token'))
    )
    op.create_table('fieldwork_notes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('handed_out', sa.Integer(), nullable=False),
    sa.Column('returned', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('handed_out >= 0 AND returned >= 0', name=op.f('ck_fieldwork_notes_numbers')),
    sa.ForeignKeyConstraint(['wave_id'], ['waves.id'], name=op.f('fk_fieldwork_notes_wave_id_waves'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fieldwork_notes'))
    )
    op.create_index(op.f('ix_fieldwork_notes_wave_id'), 'fieldwork_notes', ['wave_id'], unique=False)

    op.create_table('paper_sheets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('first', sa.JSON(), nullable=False),
    sa.Column('first_by', sa.Integer(), nullable=False),
    sa.Column('second', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('second_by', sa.Integer(), nullable=True),
    sa.Column('is_settled', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_paper_sheets_number')),
    sa.ForeignKeyConstraint(['wave_id'], ['waves.id'], name=op.f('fk_paper_sheets_wave_id_waves'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheets')),
    sa.UniqueConstraint('wave_id', 'number', name=op.f('uq_paper_sheets_wave_id_number'))
    )
    op.create_table('survey_responses',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('row_key', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('respondent', sa.String(length=80), nullable=False),
    sa.Column('pairing', sa.JSON(), nullable=False),
    sa.Column('weight_micros', sa.Integer(), nullable=True),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('"source" IN (\'web\', \'paper\', \'file\')', name=op.f('ck_survey_responses_source')),
    sa.CheckConstraint('weight_micros > 0', name=op.f('ck_survey_responses_weight')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_survey_responses_import_id_imports'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['wave_id'], ['waves.id'], name=op.f('fk_survey_responses_wave_id_waves'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_responses')),
    sa.UniqueConstraint('wave_id', 'row_key', name=op.f('uq_survey_responses_wave_id_row_key')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_survey_responses_import_id', 'survey_responses', ['import_id'], unique=False)
    op.create_index(op.f('ix_survey_responses_wave_id'), 'survey_responses', ['wave_id'], unique=False)
    op.create_index('ix_survey_responses_wave_id_import_id', 'survey_responses', ['wave_id', 'import_id'], unique=False)

    op.create_table('survey_sittings',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('pairing', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['waves.id'], name=op.f('fk_survey_sittings_wave_id_waves'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_survey_sittings')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_survey_sittings_wave_id'), 'survey_sittings', ['wave_id'], unique=False)

    op.create_table('survey_tokens',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['waves.id'], name=op.f('fk_survey_tokens_wave_id_waves'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_survey_tokens')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_survey_tokens_wave_id'), 'survey_tokens', ['wave_id'], unique=False)

    change_survey_targets(lambda target: target * 100)


def downgrade() -> None:
    change_survey_targets(lambda target: target // 100)
    op.drop_index(op.f('ix_survey_tokens_wave_id'), table_name='survey_tokens')

    op.drop_table('survey_tokens')
    op.drop_index(op.f('ix_survey_sittings_wave_id'), table_name='survey_sittings')

    op.drop_table('survey_sittings')
    op.drop_index('ix_survey_responses_wave_id_import_id', table_name='survey_responses')
    op.drop_index(op.f('ix_survey_responses_wave_id'), table_name='survey_responses')
    op.drop_index('ix_survey_responses_import_id', table_name='survey_responses')

    op.drop_table('survey_responses')
    op.drop_table('paper_sheets')
    op.drop_index(op.f('ix_fieldwork_notes_wave_id'), table_name='fieldwork_notes')

    op.drop_table('fieldwork_notes')
    op.drop_table('waves')
    op.drop_table('instruments')
    op.drop_table('analyses')
    op.drop_table('studies')

"""Keep registrations, sessions, attendance marks, certificates and how long names are kept"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('registration_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_attempts'))
    )
    op.create_index('ix_registration_attempts_address_hash_at', 'registration_attempts', ['address_hash', 'at'], unique=False)
    op.create_index(op.f('ix_registration_attempts_at'), 'registration_attempts', ['at'], unique=False)

    op.create_table('event_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_event_series_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_series'))
    )
    op.create_index(op.f('ix_event_series_project_code'), 'event_series', ['project_code'], unique=False)

    op.create_table('retention_rules',
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('unattended_days', sa.Integer(), nullable=False),
    sa.Column('attended_days', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('attended_days >= 0', name=op.f('ck_retention_rules_attended_days')),
    sa.CheckConstraint('unattended_days >= 0', name=op.f('ck_retention_rules_unattended_days')),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_retention_rules_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_code', name=op.f('pk_retention_rules'))
    )
    op.create_table('checkin_links',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_checkin_links_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_checkin_links')),
    sa.UniqueConstraint('token', name=op.f('uq_checkin_links_token'))
    )
    op.create_table('event_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_own', sa.Boolean(), nullable=False),
    sa.Column('sheet_count', sa.Integer(), nullable=True),
    sa.CheckConstraint('sheet_count >= 0', name=op.f('ck_event_sessions_sheet_count')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_event_sessions_times')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_sessions_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_sessions')),
    sa.UniqueConstraint('event_id', 'number', name=op.f('uq_event_sessions_event_id_number')),
    sa.UniqueConstraint('event_id', 'position', name=op.f('uq_event_sessions_event_id_position'))
    )
    op.create_table('registration_desks',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirm_hours', sa.Integer(), nullable=False),
    sa.Column('offer_hours', sa.Integer(), nullable=False),
    sa.Column('reminder_hours', sa.Integer(), nullable=False),
    sa.Column('largest_party', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=20), nullable=False),
    sa.Column('consent', sa.JSON(), nullable=False),
    sa.Column('consent_version', sa.Integer(), nullable=False),
    sa.Column('last_place', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('"group" IN (\'professional\', \'staff\', \'community_member\', \'spectator\', \'other\', \'unknown\')', name=op.f('ck_registration_desks_group')),
    sa.CheckConstraint('confirm_hours BETWEEN 1 AND 336', name=op.f('ck_registration_desks_confirm_hours')),
    sa.CheckConstraint('largest_party BETWEEN 1 AND 20', name=op.f('ck_registration_desks_largest_party')),
    sa.CheckConstraint('offer_hours BETWEEN 1 AND 336', name=op.f('ck_registration_desks_offer_hours')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_registration_desks_times')),
    sa.CheckConstraint('reminder_hours BETWEEN 0 AND 336', name=op.f('ck_registration_desks_reminder_hours')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_registration_desks_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_registration_desks')),
    sa.UniqueConstraint('token', name=op.f('uq_registration_desks_token'))
    )
    op.create_table('attendance_marks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('participation_id', sa.Integer(), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('marked_by', sa.Integer(), nullable=False),
    sa.Column('by_link', sa.Boolean(), nullable=False),
    sa.CheckConstraint('is_present OR minutes IS NULL', name=op.f('ck_attendance_marks_minutes_of_those_present')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_attendance_marks_minutes')),
    sa.ForeignKeyConstraint(['participation_id'], ['participations.id'], name=op.f('fk_attendance_marks_participation_id_participations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['event_sessions.id'], name=op.f('fk_attendance_marks_session_id_event_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_marks'))
    )
    op.create_index(op.f('ix_attendance_marks_participation_id'), 'attendance_marks', ['participation_id'], unique=False)
    op.create_index('ix_attendance_marks_session_id_participation_id_id', 'attendance_marks', ['session_id', 'participation_id', 'id'], unique=False)

    op.create_table('certificates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participation_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('of_minutes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('minutes > 0 AND minutes <= of_minutes', name=op.f('ck_certificates_minutes')),
    sa.ForeignKeyConstraint(['participation_id'], ['participations.id'], name=op.f('fk_certificates_participation_id_participations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['stored_files.sha256'], name=op.f('fk_certificates_sha256_stored_files'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('code', name=op.f('uq_certificates_code')),
    sa.UniqueConstraint('participation_id', name=op.f('uq_certificates_participation_id'))
    )
    op.create_index(op.f('ix_certificates_sha256'), 'certificates', ['sha256'], unique=False)

    op.create_table('registration_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.CheckConstraint('"kind" IN (\'text\', \'choice\')', name=op.f('ck_registration_questions_kind')),
    sa.ForeignKeyConstraint(['event_id'], ['registration_desks.event_id'], name=op.f('fk_registration_questions_event_id_registration_desks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_questions')),
    sa.UniqueConstraint('event_id', 'position', name=op.f('uq_registration_questions_event_id_position'))
    )
    op.create_table('registrations',
    sa.Column('participation_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('leader_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=16), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('consent_version', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_registrations_event_id_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['leader_id'], ['participations.id'], name=op.f('fk_registrations_leader_id_participations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participation_id'], ['participations.id'], name=op.f('fk_registrations_participation_id_participations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('participation_id', name=op.f('pk_registrations')),
    sa.UniqueConstraint('event_id', 'place', name=op.f('uq_registrations_event_id_place')),
    sa.UniqueConstraint('nonce', name=op.f('uq_registrations_nonce'))
    )
    op.create_index('ix_registrations_answer_until', 'registrations', ['answer_until'], unique=False)
    op.create_index(op.f('ix_registrations_leader_id'), 'registrations', ['leader_id'], unique=False)

    # Columns and checks are added without copying the tables, since that would cascade to what refers to them.
    seats = "CONSTRAINT ck_events_seats_taken CHECK (seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity))"
    series = "CONSTRAINT fk_events_series_id_event_series REFERENCES event_series (id) ON DELETE SET NULL"
    op.execute(f"ALTER TABLE events ADD COLUMN seats_taken INTEGER NOT NULL DEFAULT 0 {seats}")
    op.execute(f"ALTER TABLE events ADD COLUMN series_id INTEGER {series}")
    op.execute("ALTER TABLE events ADD COLUMN calendar_sequence INTEGER NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE events ADD COLUMN last_session INTEGER NOT NULL DEFAULT 0")
    op.create_index(op.f('ix_events_series_id'), 'events', ['series_id'], unique=False)
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE participations ADD COLUMN anonymised_at {instant}")
    statuses = "'', 'unconfirmed', 'registered', 'waitlisted', 'offered', 'expired', 'cancelled', 'attended', 'absent'"
    before = f"CONSTRAINT ck_participations_status_before CHECK (\"status_before\" IN ({statuses}))"
    op.execute(f"ALTER TABLE participations ADD COLUMN status_before VARCHAR(20) DEFAULT '' NOT NULL {before}")


def downgrade() -> None:
    op.execute("ALTER TABLE participations DROP COLUMN status_before")
    op.execute("ALTER TABLE participations DROP COLUMN anonymised_at")
    op.drop_index(op.f('ix_events_series_id'), table_name='events')
    op.execute("ALTER TABLE events DROP COLUMN last_session")
    op.execute("ALTER TABLE events DROP COLUMN calendar_sequence")
    op.execute("ALTER TABLE events DROP COLUMN series_id")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("ck_events_seats_taken", "events", type_="check")
    op.execute("ALTER TABLE events DROP COLUMN seats_taken")
    op.drop_table('registrations')
    op.drop_table('registration_questions')
    op.drop_table('certificates')
    op.drop_table('attendance_marks')
    op.drop_table('registration_desks')
    op.drop_table('event_sessions')
    op.drop_table('checkin_links')
    op.drop_table('retention_rules')
    op.drop_table('event_series')
    op.drop_table('registration_attempts')

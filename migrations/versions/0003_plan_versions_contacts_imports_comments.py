"""Keep the plan's dates, versions, contacts, imports and comments"""

import sqlalchemy as sa
from alembic import op

# Columns of tables that others refer to: added and dropped alone, since copying such a table on SQLite would delete
# what refers to it. Both databases understand the same words; a constraint stands at its last column.
ADDED = (
    ("organisations", "address", "VARCHAR(300) DEFAULT '' NOT NULL"),
    (
        "activities",
        "responsible_id",
        "INTEGER CONSTRAINT fk_activities_responsible_id_organisations REFERENCES organisations (id) ON DELETE RESTRICT",
    ),
    ("activities", "planned_first_day", "DATE"),
    (
        "activities",
        "planned_last_day",
        "DATE CONSTRAINT ck_activities_planned_days CHECK (planned_first_day <= planned_last_day)",
    ),
    ("activities", "actual_first_day", "DATE"),
    (
        "activities",
        "actual_last_day",
        "DATE CONSTRAINT ck_activities_actual_days CHECK (actual_first_day <= actual_last_day)",
    ),
    (
        "activities",
        "status",
        "VARCHAR(20) DEFAULT 'planned' NOT NULL CONSTRAINT ck_activities_status "
        "CHECK (\"status\" IN ('planned', 'running', 'done', 'cancelled'))",
    ),
    ("activities", "note", "VARCHAR(2000) DEFAULT '' NOT NULL"),
    (
        "projects",
        "status",
        "VARCHAR(20) DEFAULT 'running' NOT NULL CONSTRAINT ck_projects_status "
        "CHECK (\"status\" IN ('preparation', 'running', 'closed'))",
    ),
    ("projects", "version", "INTEGER DEFAULT 1 NOT NULL"),
    *(
        (
            table,
            "import_id",
            f"INTEGER CONSTRAINT fk_{table}_import_id_imports REFERENCES imports (id) ON DELETE SET NULL",
        )
        for table in ("events", "participations", "headcounts")
    ),
)
INDEXED = (
    ("activities", "responsible_id"),
    ("events", "import_id"),
    ("participations", "import_id"),
    ("headcounts", "import_id"),
)

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('guessed_encoding', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('error_count', sa.Integer(), nullable=False),
    sa.Column('warning_count', sa.Integer(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('"state" IN (\'checking\', \'ready\', \'refused\', \'storing\', \'stored\', \'discarded\', \'undone\')', name=op.f('ck_imports_state')),
    sa.CheckConstraint('row_count >= 0 AND created >= 0 AND updated >= 0 AND unchanged >= 0', name=op.f('ck_imports_counts')),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_imports_project_code_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['stored_files.sha256'], name=op.f('fk_imports_sha256_stored_files'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index('ix_imports_project_code_id', ['project_code', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imports_sha256'), ['sha256'], unique=False)

    op.create_table('project_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_project_versions_reason')),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_project_versions_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_versions')),
    sa.UniqueConstraint('project_code', 'number', name=op.f('uq_project_versions_project_code_number'))
    )
    op.create_table('contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('duty', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_contacts_name')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_contacts_organisation_id_organisations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contacts_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('imported_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_imported_changes_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_changes'))
    )
    with op.batch_alter_table('imported_changes', schema=None) as batch_op:
        batch_op.create_index('ix_imported_changes_import_id', ['import_id'], unique=False)

    op.create_table('deliverables',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('due_day', sa.Date(), nullable=True),
    sa.Column('delivered_day', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_deliverables_activity_id_activities'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_deliverables_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliverables')),
    sa.UniqueConstraint('project_code', 'number', name=op.f('uq_deliverables_project_code_number'))
    )
    with op.batch_alter_table('deliverables', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deliverables_activity_id'), ['activity_id'], unique=False)

    op.create_table('comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(length=4000), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_comments_text')),
    sa.CheckConstraint('(activity_id IS NULL) <> (event_id IS NULL)', name=op.f('ck_comments_one_subject')),
    sa.CheckConstraint('question_id IS NULL OR done_at IS NULL', name=op.f('ck_comments_only_questions_are_done')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_comments_activity_id_activities'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_comments_event_id_events'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_comments_project_code_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['comments.id'], name=op.f('fk_comments_question_id_comments'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comments'))
    )
    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comments_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comments_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_comments_project_code_id', ['project_code', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_comments_question_id'), ['question_id'], unique=False)

    for table, column, definition in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, column, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comments_question_id'))
        batch_op.drop_index('ix_comments_project_code_id')
        batch_op.drop_index(batch_op.f('ix_comments_event_id'))
        batch_op.drop_index(batch_op.f('ix_comments_activity_id'))

    op.drop_table('comments')
    with op.batch_alter_table('deliverables', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deliverables_activity_id'))

    op.drop_table('deliverables')
    with op.batch_alter_table('imported_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_imported_changes_import_id')

    op.drop_table('imported_changes')
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contacts_organisation_id'))

    op.drop_table('contacts')
    op.drop_table('project_versions')
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imports_sha256'))
        batch_op.drop_index('ix_imports_project_code_id')

    op.drop_table('imports')

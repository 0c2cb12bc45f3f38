"""Keep budget lines, expenditure, contracts and exchange rates"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('budget_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=2000), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_budget_versions_reason')),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_budget_versions_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_versions')),
    sa.UniqueConstraint('project_code', 'number', name=op.f('uq_budget_versions_project_code_number'))
    )
    op.create_table('budget_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('work_package', sa.Integer(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('"category" IN (\'staff\', \'office\', \'travel\', \'external\', \'equipment\', \'infrastructure\')', name=op.f('ck_budget_lines_category')),
    sa.CheckConstraint('amount_cents >= 0', name=op.f('ck_budget_lines_amount')),
    sa.CheckConstraint('work_package >= 0 AND period >= 0', name=op.f('ck_budget_lines_numbers')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_budget_lines_import_id_imports'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_budget_lines_organisation_id_organisations'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_lines')),
    sa.UniqueConstraint('organisation_id', 'category', 'work_package', 'period', name=op.f('uq_budget_lines_organisation_id_category_work_package_period'))
    )
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budget_lines_import_id'), ['import_id'], unique=False)
    op.create_table('contracts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('supplier', sa.String(length=300), nullable=False),
    sa.Column('vat_number', sa.String(length=40), nullable=False),
    sa.Column('beneficial_owners', sa.String(length=2000), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reference <> ''", name=op.f('ck_contracts_reference')),
    sa.CheckConstraint('amount_cents >= 0', name=op.f('ck_contracts_amount')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_contracts_organisation_id_organisations'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contracts')),
    sa.UniqueConstraint('organisation_id', 'reference', name=op.f('uq_contracts_organisation_id_reference'))
    )
    op.create_table('contributions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('amount_cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('"source" IN (\'own\', \'national\', \'private\')', name=op.f('ck_contributions_source')),
    sa.CheckConstraint('amount_cents >= 0', name=op.f('ck_contributions_amount')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_contributions_organisation_id_organisations'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contributions')),
    sa.UniqueConstraint('organisation_id', 'source', name=op.f('uq_contributions_organisation_id_source'))
    )
    op.create_table('evidence_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcomes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_evidence_batches_organisation_id_organisations'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence_batches'))
    )
    with op.batch_alter_table('evidence_batches', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_batches_organisation_id_id', ['organisation_id', 'id'], unique=False)
    op.create_table('exchange_rates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('rate_micros', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('"source" IN (\'file\', \'hand\', \'fetched\')', name=op.f('ck_exchange_rates_source')),
    sa.CheckConstraint('length(month) = 7', name=op.f('ck_exchange_rates_month')),
    sa.CheckConstraint('rate_micros > 0', name=op.f('ck_exchange_rates_rate')),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_exchange_rates_import_id_imports'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_exchange_rates_project_code_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_rates')),
    sa.UniqueConstraint('project_code', 'currency', 'month', name=op.f('uq_exchange_rates_project_code_currency_month'))
    )
    with op.batch_alter_table('exchange_rates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exchange_rates_import_id'), ['import_id'], unique=False)
    op.create_table('contract_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_contract_files_contract_id_contracts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['stored_files.sha256'], name=op.f('fk_contract_files_sha256_stored_files'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_files')),
    sa.UniqueConstraint('contract_id', 'sha256', name=op.f('uq_contract_files_contract_id_sha256'))
    )
    with op.batch_alter_table('contract_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_files_sha256'), ['sha256'], unique=False)
    op.create_table('expenditure_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_code', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('internal_reference', sa.String(length=60), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('work_package_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('supplier', sa.String(length=300), nullable=False),
    sa.Column('supplier_tax_number', sa.String(length=40), nullable=False),
    sa.Column('invoice_number', sa.String(length=100), nullable=False),
    sa.Column('invoice_date', sa.Date(), nullable=True),
    sa.Column('payment_date', sa.Date(), nullable=True),
    sa.Column('description', sa.String(length=2000), nullable=False),
    sa.Column('invoice_total_cents', sa.BigInteger(), nullable=True),
    sa.Column('vat_cents', sa.BigInteger(), nullable=True),
    sa.Column('declared_cents', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('corrects_id', sa.Integer(), nullable=True),
    sa.Column('order_key', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('tax_key', sa.String(length=310), nullable=False),
    sa.Column('name_key', sa.String(length=310), nullable=False),
    sa.Column('invoice_key', sa.String(length=310), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('report_number', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rate_micros', sa.BigInteger(), nullable=True),
    sa.Column('rate_month', sa.String(length=7), nullable=False),
    sa.Column('rate_source', sa.String(length=20), nullable=False),
    sa.Column('eur_cents', sa.BigInteger(), nullable=True),
    sa.Column('certified_cents', sa.BigInteger(), nullable=True),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'open') = (report_number IS NULL) OR state = 'parked'", name=op.f('ck_expenditure_items_report')),
    sa.CheckConstraint("internal_reference <> ''", name=op.f('ck_expenditure_items_internal_reference')),
    sa.CheckConstraint("state NOT IN ('submitted', 'certified') OR eur_cents IS NOT NULL", name=op.f('ck_expenditure_items_frozen')),
    sa.CheckConstraint('"category" IN (\'staff\', \'office\', \'travel\', \'external\', \'equipment\', \'infrastructure\')', name=op.f('ck_expenditure_items_category')),
    sa.CheckConstraint('"state" IN (\'open\', \'in_report\', \'submitted\', \'certified\', \'parked\')', name=op.f('ck_expenditure_items_state')),
    sa.CheckConstraint('activity_id IS NULL OR work_package_id IS NULL', name=op.f('ck_expenditure_items_one_place')),
    sa.CheckConstraint('corrects_id <> id', name=op.f('ck_expenditure_items_corrects_another')),
    sa.CheckConstraint('declared_cents BETWEEN -1000000000000 AND 1000000000000', name=op.f('ck_expenditure_items_declared')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_expenditure_items_activity_id_activities'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['contract_id'], ['contracts.id'], name=op.f('fk_expenditure_items_contract_id_contracts'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['corrects_id'], ['expenditure_items.id'], name=op.f('fk_expenditure_items_corrects_id_expenditure_items'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_expenditure_items_event_id_events'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_expenditure_items_import_id_imports'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_expenditure_items_organisation_id_organisations'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['project_code'], ['projects.code'], name=op.f('fk_expenditure_items_project_code_projects'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['work_package_id'], ['work_packages.id'], name=op.f('fk_expenditure_items_work_package_id_work_packages'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expenditure_items')),
    sa.UniqueConstraint('organisation_id', 'internal_reference', name=op.f('uq_expenditure_items_organisation_id_internal_reference'))
    )
    with op.batch_alter_table('expenditure_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expenditure_items_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_expenditure_items_contract_id'), ['contract_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_expenditure_items_corrects_id'), ['corrects_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_expenditure_items_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_expenditure_items_import_id'), ['import_id'], unique=False)
        batch_op.create_index('ix_expenditure_items_invoice', ['project_code', 'invoice_key'], unique=False)
        batch_op.create_index('ix_expenditure_items_order', ['organisation_id', 'order_key'], unique=False)
        batch_op.create_index('ix_expenditure_items_rates', ['organisation_id', 'rate_month', 'currency'], unique=False)
        batch_op.create_index('ix_expenditure_items_sums', ['organisation_id', 'state', 'category', 'currency', 'order_key', 'declared_cents', 'eur_cents'], unique=False)
        batch_op.create_index(batch_op.f('ix_expenditure_items_work_package_id'), ['work_package_id'], unique=False)
    op.create_table('item_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('"kind" IN (\'invoice\', \'payment\', \'contract\', \'delivery\', \'timesheet\', \'other\')', name=op.f('ck_item_evidence_kind')),
    sa.ForeignKeyConstraint(['item_id'], ['expenditure_items.id'], name=op.f('fk_item_evidence_item_id_expenditure_items'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sha256'], ['stored_files.sha256'], name=op.f('fk_item_evidence_sha256_stored_files'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_evidence')),
    sa.UniqueConstraint('item_id', 'sha256', name=op.f('uq_item_evidence_item_id_sha256'))
    )
    with op.batch_alter_table('item_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_evidence_sha256'), ['sha256'], unique=False)

    # Added without copying the table, which others refer to.
    op.execute("ALTER TABLE imports ADD COLUMN options JSON NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE imports DROP COLUMN options")
    with op.batch_alter_table('item_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_item_evidence_sha256'))
    op.drop_table('item_evidence')
    with op.batch_alter_table('expenditure_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expenditure_items_work_package_id'))
        batch_op.drop_index('ix_expenditure_items_sums')
        batch_op.drop_index('ix_expenditure_items_rates')
        batch_op.drop_index('ix_expenditure_items_order')
        batch_op.drop_index('ix_expenditure_items_invoice')
        batch_op.drop_index(batch_op.f('ix_expenditure_items_import_id'))
        batch_op.drop_index(batch_op.f('ix_expenditure_items_event_id'))
        batch_op.drop_index(batch_op.f('ix_expenditure_items_corrects_id'))
        batch_op.drop_index(batch_op.f('ix_expenditure_items_contract_id'))
        batch_op.drop_index(batch_op.f('ix_expenditure_items_activity_id'))
    op.drop_table('expenditure_items')
    with op.batch_alter_table('contract_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contract_files_sha256'))
    op.drop_table('contract_files')
    with op.batch_alter_table('exchange_rates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exchange_rates_import_id'))
    op.drop_table('exchange_rates')
    with op.batch_alter_table('evidence_batches', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_batches_organisation_id_id')
    op.drop_table('evidence_batches')
    op.drop_table('contributions')
    op.drop_table('contracts')
    with op.batch_alter_table('budget_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_budget_lines_import_id'))
    op.drop_table('budget_lines')
    op.drop_table('budget_versions')

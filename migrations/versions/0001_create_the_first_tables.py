"""Create the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_keys")),
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_keys_used_at"), ["used_at"], unique=False)

    op.create_table(
        "projects",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("programme_website", sa.String(length=200), nullable=False),
        sa.Column("fund", sa.String(length=100), nullable=False),
        sa.Column("cofinancing_rate_bp", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("agreement_signed", sa.Date(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("title_aliases", sa.JSON(), nullable=False),
        sa.Column("funding_statement", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("reporting_assumed", sa.Boolean(), nullable=False),
        sa.Column("partner_report_due_days", sa.Integer(), nullable=True),
        sa.Column("control_due_days", sa.Integer(), nullable=True),
        sa.Column("project_report_due_days", sa.Integer(), nullable=True),
        sa.Column("flexibility_scope", sa.String(length=20), nullable=False),
        sa.Column("flexibility_percent_bp", sa.Integer(), nullable=True),
        sa.Column("payment_grace_days", sa.Integer(), nullable=False),
        sa.Column("assumed", sa.JSON(), nullable=False),
        sa.Column("loaded", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "\"flexibility_scope\" IN ('', 'category', 'partner')", name=op.f("ck_projects_flexibility_scope")
        ),
        sa.CheckConstraint("cofinancing_rate_bp BETWEEN 0 AND 10000", name=op.f("ck_projects_cofinancing_rate")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_projects_days")),
        sa.CheckConstraint("payment_grace_days >= 0", name=op.f("ck_projects_payment_grace_days")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_projects")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"language\" IN ('en', 'lt', 'pl')", name=op.f("ck_users_language")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_users_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "indicators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("measure", sa.JSON(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.CheckConstraint("target >= 0", name=op.f("ck_indicators_target")),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_indicators_project_code_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("project_code", "key", name=op.f("uq_indicators_project_code_key")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("flat_rates", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "role <> 'associated' OR budget_cents IS NULL", name=op.f("ck_organisations_associated_without_budget")
        ),
        sa.CheckConstraint("\"role\" IN ('lead', 'partner', 'associated')", name=op.f("ck_organisations_role")),
        sa.CheckConstraint("budget_cents >= 0", name=op.f("ck_organisations_budget")),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_organisations_project_code_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("project_code", "key", name=op.f("uq_organisations_project_code_key")),
    )
    op.create_table(
        "reporting_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_reporting_periods_days")),
        sa.ForeignKeyConstraint(
            ["project_code"],
            ["projects.code"],
            name=op.f("fk_reporting_periods_project_code_projects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_periods")),
        sa.UniqueConstraint("project_code", "number", name=op.f("uq_reporting_periods_project_code_number")),
    )
    op.create_table(
        "work_packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_work_packages_number")),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_work_packages_project_code_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_packages")),
        sa.UniqueConstraint("project_code", "number", name=op.f("uq_work_packages_project_code_number")),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("work_package_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_activities_project_code_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["work_package_id"],
            ["work_packages.id"],
            name=op.f("fk_activities_work_package_id_work_packages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("project_code", "number", name=op.f("uq_activities_project_code_number")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activities_work_package_id"), ["work_package_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation_key", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(role IN ('partner', 'finance', 'controller')) = (organisation_key IS NOT NULL)",
            name=op.f("ck_memberships_organisation"),
        ),
        sa.CheckConstraint(
            "\"role\" IN ('manager', 'partner', 'finance', 'controller', 'programme', 'researcher', 'auditor', 'viewer')",
            name=op.f("ck_memberships_role"),
        ),
        sa.ForeignKeyConstraint(
            ["project_code", "organisation_key"],
            ["organisations.project_code", "organisations.key"],
            name=op.f("fk_memberships_project_code_organisation_key_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_memberships_project_code_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "user_id",
            "project_code",
            "role",
            "organisation_key",
            name=op.f("uq_memberships_user_id_project_code_role_organisation_key"),
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(
            "uq_memberships_whole_project",
            ["user_id", "project_code", "role"],
            unique=True,
            sqlite_where=sa.text("organisation_key IS NULL"),
            postgresql_where=sa.text("organisation_key IS NULL"),
        )

    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counting_date", sa.Date(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("planned_participants", sa.Integer(), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"kind\" IN ('workshop', 'training', 'public_space_renewal', 'creative', 'support_group', 'tournament', 'survey_fieldwork', 'meeting', 'other')",
            name=op.f("ck_events_kind"),
        ),
        sa.CheckConstraint("\"status\" IN ('planned', 'held', 'cancelled')", name=op.f("ck_events_status")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_events_capacity")),
        sa.CheckConstraint("planned_participants >= 0", name=op.f("ck_events_planned_participants")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_events_times")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_events_activity_id_activities"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_code"], ["projects.code"], name=op.f("fk_events_project_code_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("project_code", "ref", name=op.f("uq_events_project_code_ref")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_events_project_code_counting_date", ["project_code", "counting_date"], unique=False)

    op.create_table(
        "event_organisers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_organisers_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_event_organisers_organisation_id_organisations"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("event_id", "organisation_id", name=op.f("pk_event_organisers")),
    )
    with op.batch_alter_table("event_organisers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_organisers_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "headcounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "\"age_band\" IN ('under18', '18-29', '30-44', '45-64', '65plus', 'unknown')",
            name=op.f("ck_headcounts_age_band"),
        ),
        sa.CheckConstraint("\"gender\" IN ('f', 'm', 'x', 'unknown')", name=op.f("ck_headcounts_gender")),
        sa.CheckConstraint(
            "\"group\" IN ('professional', 'staff', 'community_member', 'convicted_person', 'family_member', 'spectator', 'other', 'unknown')",
            name=op.f("ck_headcounts_group"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_headcounts_number")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_headcounts_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcounts")),
        sa.UniqueConstraint(
            "event_id",
            "group",
            "country",
            "gender",
            "age_band",
            name=op.f("uq_headcounts_event_id_group_country_gender_age_band"),
        ),
    )
    op.create_table(
        "participations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("participant", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("age_band", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "participant <> '' AND participant = trim(participant)", name=op.f("ck_participations_participant")
        ),
        sa.CheckConstraint(
            "\"age_band\" IN ('under18', '18-29', '30-44', '45-64', '65plus', 'unknown')",
            name=op.f("ck_participations_age_band"),
        ),
        sa.CheckConstraint("\"gender\" IN ('f', 'm', 'x', 'unknown')", name=op.f("ck_participations_gender")),
        sa.CheckConstraint(
            "\"group\" IN ('professional', 'staff', 'community_member', 'convicted_person', 'family_member', 'spectator', 'other', 'unknown')",
            name=op.f("ck_participations_group"),
        ),
        sa.CheckConstraint(
            "\"group\" NOT IN ('convicted_person', 'family_member') OR (name = '' AND organisation = '' AND length(ltrim(participant, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')) BETWEEN 2 AND 8 AND ltrim(ltrim(participant, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), '0123456789') = '' AND length(participant) - length(ltrim(participant, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')) <= 3)",
            name=op.f("ck_participations_sensitive_without_name"),
        ),
        sa.CheckConstraint(
            "\"status\" IN ('unconfirmed', 'registered', 'waitlisted', 'offered', 'expired', 'cancelled', 'attended', 'absent')",
            name=op.f("ck_participations_status"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_participations_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint("event_id", "participant", name=op.f("uq_participations_event_id_participant")),
    )
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.create_index("ix_participations_participant", ["participant"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("participations", schema=None) as batch_op:
        batch_op.drop_index("ix_participations_participant")

    op.drop_table("participations")
    op.drop_table("headcounts")
    with op.batch_alter_table("event_organisers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_organisers_organisation_id"))

    op.drop_table("event_organisers")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_project_code_counting_date")
        batch_op.drop_index(batch_op.f("ix_events_activity_id"))

    op.drop_table("events")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_memberships_whole_project",
            sqlite_where=sa.text("organisation_key IS NULL"),
            postgresql_where=sa.text("organisation_key IS NULL"),
        )

    op.drop_table("memberships")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activities_work_package_id"))

    op.drop_table("activities")
    op.drop_table("work_packages")
    op.drop_table("reporting_periods")
    op.drop_table("organisations")
    op.drop_table("indicators")
    op.drop_table("users")
    op.drop_table("projects")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_keys_used_at"))

    op.drop_table("form_keys")

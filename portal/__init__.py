"""The portal that runs a cross-border cooperation project, from the first workshop to the last payment."""

from urllib.parse import urlsplit

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.accounts import labels as account_labels
from portal.accounts import mails as account_mails
from portal.accounts import messages as account_messages
from portal.accounts.guard import init_guard
from portal.accounts.views import admin, links, outbox, own_account, sign_in, trail
from portal.activities import imports as activity_imports
from portal.activities import labels as activity_labels
from portal.activities import mails as activity_mails
from portal.activities import messages as activity_messages
from portal.activities.queries import has_examples
from portal.activities.services import retention as retention_services
from portal.activities.services.registrations import chores as registration_chores
from portal.activities.views import (
    attendance,
    calendars,
    checkin,
    comments,
    desks,
    events,
    evidence,
    marking,
    people_files,
    registration,
    retention,
    sessions,
)
from portal.audit import hiding as audit_hiding
from portal.audit import labels as audit_labels
from portal.audit import models as audit_tables
from portal.budget import imports as budget_imports
from portal.budget import jobs as budget_jobs
from portal.budget import labels as budget_labels
from portal.budget import messages as budget_messages
from portal.budget import models as budget_tables
from portal.budget.fetching import RatesAddress
from portal.budget.queries.holding import held_by_money
from portal.budget.queries.salaries import hidden_salaries
from portal.budget.rules.masking import Naming
from portal.budget.views import contracts, findings, items, lines, rates, register
from portal.budget.views import evidence as item_evidence
from portal.config import ROOT, Config
from portal.core import clock, sentences
from portal.core import messages as core_messages
from portal.core.db import init_database
from portal.core.files import messages as file_messages
from portal.core.files import models as file_tables
from portal.core.forms import csrf
from portal.core.tables import messages as table_messages
from portal.core.web import init_web
from portal.core.web.addresses import RowNumber
from portal.core.web.uploads import init_uploads
from portal.imports import jobs as import_jobs
from portal.imports import labels as import_labels
from portal.imports import messages as import_messages
from portal.imports import models as import_tables
from portal.imports.views import imports, pasting
from portal.jobs import messages as job_messages
from portal.jobs import models as job_tables
from portal.projects import labels as project_labels
from portal.projects import messages as project_messages
from portal.projects.offering import offers
from portal.projects.queries import organisation_name
from portal.projects.services.structure import register_holder
from portal.projects.views import audit, figures, members, organisations, status, structure, versions
from portal.projects.views import index as project_index
from portal.reports import messages as report_messages
from portal.reports.views import (
    budget,
    certificates,
    documents,
    event_report,
    exclusions,
    gaps,
    health,
    merging,
    organisation,
    outcomes,
    plan,
    preview,
    project,
    public,
    public_surveys,
    search,
    sheets,
    survey_papers,
    survey_report,
)
from portal.surveys import imports as survey_imports
from portal.surveys import jobs as survey_jobs
from portal.surveys import labels as survey_labels
from portal.surveys import measures as survey_measures
from portal.surveys import messages as survey_messages
from portal.surveys import models as survey_tables
from portal.surveys.services import answering as survey_answering
from portal.surveys.services import scattering as survey_scattering
from portal.surveys.views import (
    answered,
    answering,
    data,
    editing,
    fieldwork,
    margins,
    paper,
    planning,
    results,
    studies,
    tokens,
    translating,
    waves,
)
from portal.surveys.views import items as survey_items
from portal.surveys.views import parts as survey_parts
from portal.surveys.views import preview as survey_preview
from portal.surveys.views import versions as survey_versions

MEGABYTE = 1024 * 1024

# What the portal is called by on the machine it runs on.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

# Every table is known to the migrations, also those that nothing above has needed yet.
TABLES = (audit_tables, budget_tables, file_tables, import_tables, job_tables, survey_tables)
MESSAGES = (
    core_messages,
    file_messages,
    table_messages,
    job_messages,
    account_messages,
    project_messages,
    import_messages,
    activity_messages,
    budget_messages,
    survey_messages,
    report_messages,
)
VIEWS = (
    sign_in,
    links,
    own_account,
    admin,
    outbox,
    trail,
    project_index,
    members,
    audit,
    structure,
    status,
    versions,
    organisations,
    figures,
    imports,
    pasting,
    events,
    attendance,
    evidence,
    desks,
    registration,
    sessions,
    marking,
    checkin,
    people_files,
    calendars,
    retention,
    comments,
    register,
    items,
    findings,
    item_evidence,
    contracts,
    rates,
    lines,
    studies,
    editing,
    survey_items,
    survey_parts,
    survey_versions,
    translating,
    survey_preview,
    waves,
    tokens,
    answering,
    answered,
    paper,
    fieldwork,
    results,
    margins,
    data,
    planning,
    survey_papers,
    public_surveys,
    survey_report,
    exclusions,
    plan,
    search,
    organisation,
    merging,
    outcomes,
    documents,
    preview,
    gaps,
    project,
    budget,
    sheets,
    certificates,
    event_report,
    public,
    health,
)


def create_app(config: Config) -> Flask:
    """The portal as a WSGI application."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    app.url_map.converters["int"] = RowNumber
    _configure(app, config)
    clock.stand_still(None if config.production else config.now)
    if config.proxies:
        believed = dict.fromkeys(("x_for", "x_proto", "x_host"), config.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **believed)  # type: ignore[method-assign]  # as Flask documents it
    init_database(app)
    Bootstrap5(app)
    init_uploads(app)
    csrf.init_app(app)
    init_web(app)
    _register_features(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    config.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        # What people entered does not reach the log with a failed statement.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MIGRATIONS_DIR=str(ROOT / "migrations"),
        DATA_DIR=config.data_dir,
        BASE_URL=config.base_url,
        SMTP=config.smtp,
        RATES_ADDRESS=RatesAddress(config.rates_url, config.rates_timeout_seconds) if config.rates_url else None,
        MAIL_FROM=config.sender,
        REGISTRATIONS_PER_HOUR=config.registrations_per_hour,
        PRODUCTION=config.production,
        TESTING=config.testing,
        PROXIES=config.proxies,
        TRUSTED_HOSTS=list(config.trusted_hosts) or [urlsplit(config.base_url).hostname or "", *LOCAL_HOSTS],
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.production,
        MAX_CONTENT_LENGTH=2 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=MEGABYTE,
        MAX_FORM_PARTS=2_000,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=12 * 60 * 60,
        WTF_CSRF_SSL_STRICT=config.production,
    )


def _register_features(app: Flask) -> None:
    for words in (account_labels, project_labels, import_labels, activity_labels, budget_labels, survey_labels):
        audit_labels.register(words.ACTIONS, kinds=words.KINDS, fields=words.FIELDS, values=words.VALUES)
    for module in MESSAGES:
        sentences.register(module.SENTENCES)
    account_mails.register()
    activity_mails.register()
    registration_chores.register()
    import_jobs.register()
    activity_imports.register()
    retention_services.register()
    budget_imports.register()
    survey_imports.register()
    register_holder(held_by_money)
    survey_measures.register()
    audit_hiding.register("item", audit_hiding.Hidden(Naming._fields, hidden_salaries))
    budget_jobs.register()
    survey_jobs.register()
    survey_answering.register()
    survey_scattering.register()
    init_guard(app)
    app.jinja_env.globals.update({each.__name__: each for each in audit_labels.WORDS})
    app.jinja_env.globals.update(has_examples=has_examples, organisation_name=organisation_name, may=offers)
    for views in VIEWS:
        app.register_blueprint(views.bp)

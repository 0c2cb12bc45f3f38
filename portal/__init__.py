"""The portal that runs a cross-border cooperation project, from the first workshop to the last payment."""

from flask import Flask
from flask_bootstrap import Bootstrap5

from portal.accounts import messages as account_messages
from portal.accounts import views as account_views
from portal.accounts.guard import init_guard
from portal.activities import messages as activity_messages
from portal.activities.queries import has_examples
from portal.activities.views import attendance, events
from portal.config import ROOT, Config
from portal.core import clock, sentences
from portal.core import messages as core_messages
from portal.core.db import init_database
from portal.core.forms import csrf
from portal.core.web import init_web
from portal.core.web.addresses import RowNumber
from portal.projects import messages as project_messages
from portal.projects import views as project_views
from portal.reports import messages as report_messages
from portal.reports.views import health, outcomes, project, public

MEGABYTE = 1024 * 1024

MESSAGES = (core_messages, account_messages, project_messages, activity_messages, report_messages)
VIEWS = (account_views, project_views, events, attendance, outcomes, project, public, health)


def create_app(config: Config) -> Flask:
    """The portal as a WSGI application."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    app.url_map.converters["int"] = RowNumber
    _configure(app, config)
    clock.stand_still(None if config.production else config.now)
    init_database(app)
    Bootstrap5(app)
    csrf.init_app(app)
    init_web(app)
    _register_features(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    config.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        MIGRATIONS_DIR=str(ROOT / "migrations"),
        DATA_DIR=config.data_dir,
        BASE_URL=config.base_url,
        PRODUCTION=config.production,
        TESTING=config.testing,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
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
    for module in MESSAGES:
        sentences.register(module.SENTENCES)
    init_guard(app)
    app.jinja_env.globals.update(has_examples=has_examples)
    for views in VIEWS:
        app.register_blueprint(views.bp)

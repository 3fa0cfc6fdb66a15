"""The application: :func:`create_app` puts the settings, the database, the slices and the frame together."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from workflow_app import config
from workflow_app.conversion import libreoffice
from workflow_app.db import session as store
from workflow_app.db.blobs import Blobs
from workflow_app.db.migrate import FOLDER
from workflow_app.db.models import Base
from workflow_app.features.bulk.views import slice_ as bulk
from workflow_app.features.cases import listing_views, overview_views  # noqa: F401 - declare pages
from workflow_app.features.cases.appeals import appeal_views  # noqa: F401 - declare pages
from workflow_app.features.cases.blueprint import slice_ as cases
from workflow_app.features.cases.conclusion import approval_views, conclusion_views, document_views  # noqa: F401 - declare pages
from workflow_app.features.cases.drafts import draft_views  # noqa: F401 - declare pages
from workflow_app.features.cases.files import upload_views  # noqa: F401 - declare pages
from workflow_app.features.cases.office import batch_views, card_correction_views, intake_views, register_views  # noqa: F401 - declare pages
from workflow_app.features.centre import (  # noqa: F401 - declare pages
    calendar_views,
    criteria_edit_views,
    criteria_views,
    health_views,
    settings_views,
    term_views,
    weights_views,
    workflow_views,
)
from workflow_app.features.centre.views import slice_ as centre
from workflow_app.features.dashboard.views import slice_ as dashboard
from workflow_app.features.documents import (  # noqa: F401 - declare pages
    job_views,
    month_list_views,
    month_order_views,
    signature_views,
    template_views,
    verification_views,
)
from workflow_app.features.documents.views import slice_ as papers
from workflow_app.features.events import attendance, door, open_form  # noqa: F401 - declare pages
from workflow_app.features.events.telling import slice_ as events
from workflow_app.features.files.views import slice_ as files
from workflow_app.features.imports.views import slice_ as imports
from workflow_app.features.letters import text_views  # noqa: F401 - declares pages
from workflow_app.features.letters.views import slice_ as letters
from workflow_app.features.people import (  # noqa: F401 - declare pages
    absence_views,
    access_views,
    account_views,
    consent_views,
    entry_views,
    expert_views,
    list_views,
    login_views,
    many_invitation_views,
    name_views,
    own_calendar_views,
    person_views,
    profile_views,
    second_factor_views,
)
from workflow_app.features.people.views import slice_ as people
from workflow_app.features.pickers.views import slice_ as pickers
from workflow_app.features.programme import (  # noqa: F401 - declare pages
    indicator_views,
    meeting_views,
    month,
    plan_views,
    readiness_views,
    report_views,
)
from workflow_app.features.programme.slice import slice_ as programme
from workflow_app.features.records.views import slice_ as records
from workflow_app.features.reviews import answer_views, material_views, offline_views, sheet_views  # noqa: F401 - declares pages
from workflow_app.features.reviews.views import slice_ as reviews
from workflow_app.features.search.views import slice_ as search
from workflow_app.features.surveys import open_views, repeat_views, result_views, split_views, table_views  # noqa: F401 - declare pages
from workflow_app.features.surveys.views import slice_ as surveys
from workflow_app.web import (
    compression,
    context,
    errors,
    formatting,
    headers,
    interrupted_form,
    login_session,
    page,
    rate_limit,
    rendering,
    short_cuts,
)
from workflow_app.wiring import wire

ROOT = Path(__file__).parent
SLICES = (
    cases,
    files,
    reviews,
    people,
    centre,
    imports,
    letters,
    papers,
    bulk,
    records,
    events,
    programme,
    pickers,
    search,
    surveys,
    dashboard,
)
csrf = CSRFProtect()


def create_app(settings: config.Config | None = None) -> Flask:
    """Return the application of one instance. Without settings: that of ``WF_INSTANCE``, or of the folder ``instance``."""
    wire()
    settings = settings or config.load(config.home())
    app = Flask(
        "workflow_app", root_path=str(ROOT), template_folder=str(_templates()), static_folder=str(ROOT / "static"),
        instance_path=str(settings.folder),
    )  # fmt: skip
    app.jinja_environment = short_cuts.Environment
    _configure(app, settings)
    _open_database(app, settings)
    compression.init_app(app)
    csrf.init_app(app)
    Bootstrap5(app)
    Babel(app, default_locale="ru", default_domain="messages", locale_selector=context.chosen_language)
    for part in (rendering, login_session, formatting, context, interrupted_form, headers, errors, rate_limit):
        part.init_app(app)
    page.register(app, SLICES)
    return app


def _templates() -> Path:
    """Return the templates: inside the package when installed, beside it in a checkout."""
    packed = ROOT / "templates"
    return packed if packed.is_dir() else ROOT.parent / "templates"


def _configure(app: Flask, settings: config.Config) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=store.normal_url(settings.url),
        SQLALCHEMY_ENGINE_OPTIONS=store.engine_options(settings.url),
        MAX_CONTENT_LENGTH=settings.upload_bytes + 2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=4000,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # a long form outlives an hour; the token dies with the session
        TRUSTED_HOSTS=list(settings.hosts) or None,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    app.extensions["workflow_config"] = settings
    app.logger.setLevel(logging.INFO)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]  # the library's documented way


def _open_database(app: Flask, settings: config.Config) -> None:
    """Let Flask-SQLAlchemy make the engine; every transaction goes through our own ``Database``."""
    db = SQLAlchemy(metadata=Base.metadata)
    db.init_app(app)
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":  # as Flask's own command says; a server starts without Alembic
        from flask_migrate import Migrate  # noqa: PLC0415 - for ``flask db`` alone

        Migrate(app, db, directory=str(FOLDER)).configure(lambda alembic: _addressed(alembic, settings))
    with app.app_context():
        engine = store.prepare(db.engine)
    app.extensions["workflow_database"] = store.Database(
        engine, Blobs(settings.folder / "blobs"), settings.base_url, libreoffice.of(settings)
    )


def _addressed(alembic: Any, settings: config.Config) -> Any:
    """Let ``flask db upgrade`` migrate the instance's database."""
    alembic.attributes["url"] = settings.url
    return alembic

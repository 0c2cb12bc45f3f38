"""Who may open which view. A view that declares nothing is refused, so nothing is open by oversight."""

import contextlib
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import queries
from portal.accounts.models import SignIn, User
from portal.accounts.rules import SIGHT, Holding, Permission, acted_for, may, own_organisations
from portal.accounts.rules.sessions import SEEN_EVERY, Ending, ending
from portal.accounts.services import sessions
from portal.audit.services import Actor, current_actor, set_actor
from portal.core import clock
from portal.core.errors import NotAllowed, NotFound

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN, ADMIN = "public", "signed in", "administrator"

# Views of extensions, which cannot carry a mark of ours: stylesheets and scripts out of packages.
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})
# Asked by a page that lies open, not by a person: no sign that someone is there.
UNATTENDED = frozenset({"account.time_left"})

# Where Flask-Login looks for who has signed in; ours is the random token of the sign-in.
TOKEN = "_user_id"  # noqa: S105  # the name of a place

login_manager = LoginManager()
# The token is all the browser holds, and the server can end it.
login_manager.session_protection = None

VISITOR = Actor(0, "visitor")


def public(view: View) -> View:
    """Open the view to everyone."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open the view to everyone who has signed in."""
    return _declare(view, SIGNED_IN)


def admin_only(view: View) -> View:
    """Open the view to administrators of the portal; to others it is not there."""
    return _declare(view, ADMIN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Open the view to members of the project named by `code` in its address who hold the permission at all.

    Whether it reaches the thing at hand is asked with `demand`, once the thing is loaded.
    """
    return lambda view: _declare(view, permission)


def _declare(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]  # the mark that check_access reads
    return view


def declared_access(view: Callable[..., Any]) -> str | None:
    """What the view declares; None if it declares nothing."""
    return getattr(view, "access", None)


def init_guard(app: Flask) -> None:
    """Check every request before its view runs."""
    login_manager.init_app(app)
    login_manager.user_loader(_load_user)
    app.before_request(check_access)
    # What pages ask, `may`, also looks at the project: the app adds it.
    app.jinja_env.globals.update(may_still=allows, acting_for=lambda: current_actor().acting_for, Permission=Permission)


def begin_session(token: str, language: str) -> None:
    """Let the browser hold this sign-in and nothing of what was there before."""
    session.clear()
    session[TOKEN], session["language"] = token, language


def end_session() -> None:
    """Let the browser forget the sign-in and all that belongs to it; the language stays."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def current_sign_in() -> SignIn:
    """The sign-in of the person at hand, who has signed in."""
    found: SignIn = g.sign_in
    return found


def why_ended() -> Ending | None:
    """Why the browser's sign-in no longer counts; None where it counts or there was none."""
    found: Ending | None = None if current_user.is_authenticated else g.get("ended")
    return found


def _load_user(token: str) -> User | None:
    """The active user whose sign-in still lasts; nobody of the demonstration's in production."""
    found = queries.find_sign_in(token)
    if found is None:
        return None
    sign_in, user = found
    g.ended = ending(started_at=sign_in.started_at, seen_at=sign_in.seen_at, ended_at=sign_in.ended_at, now=clock.now())
    g.sign_in = sign_in
    barred = user.is_demo and current_app.config["PRODUCTION"]
    return user if g.ended is None and user.is_active and not barred else None


def check_access() -> BaseResponse | Response | None:
    """Refuse what is not declared, send strangers to sign in, hide projects from those who are not members."""
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    set_actor(Actor(current_user.id, current_user.email) if current_user.is_authenticated else VISITOR)
    if current_user.is_authenticated:
        _note_seen()
    access = declared_access(current_app.view_functions[request.endpoint])
    if access == PUBLIC:
        return None
    if access is None:
        raise NotAllowed("not-allowed")
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if access == ADMIN and not current_user.is_admin:
        raise NotFound("not-open")
    if access not in (SIGNED_IN, ADMIN):
        _check_project(Permission(access))
    return None


def _note_seen() -> None:
    """Note, once a minute at most, that the person is there: the one thing that opening a page writes."""
    sign_in, now = current_sign_in(), clock.now()
    if request.endpoint in UNATTENDED or now < sign_in.seen_at + SEEN_EVERY:
        return
    # A busy database keeps nobody from reading; the next page notes it.
    with contextlib.suppress(OperationalError):
        sessions.note_seen(sign_in.id, now=now)


def _ask_to_sign_in() -> BaseResponse:
    wanted = None
    if request.method == "GET":
        wanted = request.full_path
    elif why_ended() is not None:
        flash(_("Your sign-in had ended, so what you sent was not stored. Sign in and send it again."), "error")
        wanted = _page_of_form()
    return redirect(url_for("accounts.login", next=wanted))


def _page_of_form() -> str:
    """The page that a form was sent from: its own address, or the one above where that only takes forms."""
    shows = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return request.path if shows else request.path.rpartition("/")[0]


def _check_project(permission: Permission) -> None:
    code = (request.view_args or {})["code"]
    g.holdings = queries.list_holdings(current_user.id, code)
    if not g.holdings:
        raise NotFound("not-a-member")
    if not may(permission, g.holdings):
        raise NotFound("not-open") if permission in SIGHT else NotAllowed("not-allowed")


def code_in_address() -> str:
    """The code of the project that the address names; '' where it names none."""
    code: str = (request.view_args or {}).get("code", "")
    return code


def holdings() -> list[Holding]:
    """The roles the person at hand holds in the project of the address; none outside a project."""
    found: list[Holding] = g.get("holdings", [])
    return found


def allows(permission: Permission, organisations: Collection[str] | None = None) -> bool:
    """Whether the person may do this over things of one of `organisations` (None: over anything at all)."""
    return may(permission, holdings(), organisations)


def acting_for(permission: Permission, organisations: Collection[str]) -> str:
    """The key of the organisation the person acts for in this; '' where the matter is their own or the project's."""
    return acted_for(permission, holdings(), organisations)


def demand(permission: Permission, organisations: Collection[str]) -> None:
    """Raise NotAllowed unless the person's permission reaches one of `organisations`.

    Where it does so only because the person may act for others, the audit says from now on for whom.
    """
    if not allows(permission, organisations):
        raise NotAllowed("not-allowed")
    note_acting(permission, organisations)


def demand_any(permission: Permission) -> None:
    """Raise NotAllowed unless the person may do this over something at all."""
    if not allows(permission):
        raise NotAllowed("not-allowed")


def note_acting(permission: Permission, organisations: Collection[str]) -> None:
    """Let the page say, and the audit keep, for whom the person acts where the permission reaches `organisations`."""
    if allows(permission, organisations):
        set_actor(current_actor()._replace(acting_for=acting_for(permission, organisations)))


def demand_sight(permission: Permission, organisations: Collection[str]) -> None:
    """Raise NotFound unless the person may see things of one of `organisations`."""
    if not allows(permission, organisations):
        raise NotFound("not-open")


def reach(permission: Permission) -> frozenset[str] | None:
    """The keys of the organisations the person's permission reaches; None where it reaches all."""
    return own_organisations(permission, holdings())

"""Who may open which view. A view that declares nothing is refused, so nothing is open by oversight."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import queries
from portal.accounts.models import User
from portal.accounts.rules import SIGHT, Holding, Permission, may, own_organisations
from portal.core.errors import NotAllowed, NotFound

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN = "public", "signed in"

# Views of extensions, which cannot carry a mark of ours: stylesheets and scripts out of packages.
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})

login_manager = LoginManager()


def public(view: View) -> View:
    """Open the view to everyone."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open the view to everyone who has signed in."""
    return _declare(view, SIGNED_IN)


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
    app.jinja_env.globals.update(may=allows, Permission=Permission)


def _load_user(user_id: str) -> User | None:
    return queries.find_user(int(user_id)) if user_id.isdecimal() else None


def check_access() -> BaseResponse | Response | None:
    """Refuse what is not declared, send strangers to sign in, hide projects from those who are not members."""
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    access = declared_access(current_app.view_functions[request.endpoint])
    if access == PUBLIC:
        return None
    if access is None:
        raise NotAllowed("not-allowed")
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.login", next=request.full_path if request.method == "GET" else None))
    if access != SIGNED_IN:
        _check_project(Permission(access))
    return None


def _check_project(permission: Permission) -> None:
    code = (request.view_args or {})["code"]
    g.holdings = queries.list_holdings(current_user.id, code)
    if not g.holdings:
        raise NotFound("not-a-member")
    if not may(permission, g.holdings):
        raise NotFound("not-open") if permission in SIGHT else NotAllowed("not-allowed")


def holdings() -> list[Holding]:
    """The roles the person at hand holds in the project of the address; none outside a project."""
    found: list[Holding] = g.get("holdings", [])
    return found


def allows(permission: Permission, organisations: Collection[str] | None = None) -> bool:
    """Whether the person may do this over things of one of `organisations` (None: over anything at all)."""
    return may(permission, holdings(), organisations)


def demand(permission: Permission, organisations: Collection[str]) -> None:
    """Raise NotAllowed unless the person's permission reaches one of `organisations`."""
    if not allows(permission, organisations):
        raise NotAllowed("not-allowed")


def demand_sight(permission: Permission, organisations: Collection[str]) -> None:
    """Raise NotFound unless the person may see things of one of `organisations`."""
    if not allows(permission, organisations):
        raise NotFound("not-open")


def reach(permission: Permission) -> frozenset[str] | None:
    """The keys of the organisations the person's permission reaches; None where it reaches all."""
    return own_organisations(permission, holdings())

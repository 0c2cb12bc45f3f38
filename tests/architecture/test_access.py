"""Who may open which address is declared on each view, and no form is taken without its token."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.accounts.guard import OPEN_ENDPOINTS, PUBLIC, declared_access, public, requires, signed_in
from portal.accounts.rules import Permission
from tests.architecture.markup import elements
from tests.architecture.source import ROOT, Source, expect_none, lines_of, templates

# Every view that strangers may open, and why. A new line here is a decision.
PUBLIC_VIEWS = {
    "answering.start": "people answer a survey without an account; its link is a secret or is meant for all",
    "answering.enter": "somebody types in the personal code that they were given on paper",
    "answering.promise": "whoever is asked to answer reads what anonymity rests on",
    "answered.show": "whoever answered with a personal code is thanked where the code no longer stands",
    "answering.screen": "somebody answers; the secret in their browser finds their answers",
    "answering.send": "somebody sends their answers",
    "answering.thanks": "whoever has answered is thanked",
    "accounts.login": "nobody is signed in before signing in",
    "certificates.own": "whoever knows the code of a certificate has the certificate",
    "certificates.verify": "whoever is shown a certificate can check it by its code",
    "calendars.everyone": "what the project announces, for the calendars of those who subscribe",
    "calendars.invited": "whoever has the link to register for an event may put it into a calendar",
    "checkin.show": "helpers at the door have no account: the link of the event opens it, and names nobody",
    "health.healthz": "asked by those who watch over the server; says ok or unavailable, nothing else",
    "links.forgotten": "who has forgotten the password cannot sign in",
    "links.link": "an invitation or a reset: its token opens it",
    "public.accessibility": "how the portal can be used, asked for by law",
    "public.events": "what the project announces, and the way to register for it",
    "public.outcomes": "the same outcomes for programs, with small numbers withheld",
    "public.privacy": "what the portal keeps about people, asked for by law",
    "public.show": "what the project publishes about itself",
    "registration.confirm": "whoever has the link of a mail may take the seat that it offers",
    "registration.link": "who has lost the link to a place gets it by mail again",
    "registration.place": "whoever has a personal link sees the place, and may give it up",
    "registration.register": "whoever has the link of an event may register for it",
    "public_surveys.show": "what a survey has found, with small numbers withheld",
    "public.start": "the list of published projects, and the way to sign in",
}

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
TOKEN = re.compile(r"\w\.csrf_token\b|\.hidden_tag\(\)|\bname=[\"']csrf_token\b")


def views(app: Flask) -> Iterator[tuple[Rule, Callable[..., Any]]]:
    """Each address with its view, stylesheets and scripts of packages apart."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OPEN_ENDPOINTS:
            yield rule, app.view_functions[rule.endpoint]


def place(rule: Rule, view: Callable[..., Any]) -> str:
    code = inspect.unwrap(view).__code__
    path = Path(code.co_filename).relative_to(ROOT).as_posix()
    return f"{path}:{code.co_firstlineno} {rule.endpoint} at {rule.rule}"


def unguarded(app: Flask) -> Iterator[str]:
    for rule, view in views(app):
        access = declared_access(view)
        if access is None:
            yield f"{place(rule, view)} declares no access: add @public, @signed_in or @requires"
        elif isinstance(access, Permission) and "code" not in rule.arguments:
            yield f"{place(rule, view)} requires a permission, but its address names no project (<code>)"
        elif "code" in rule.arguments and not isinstance(access, Permission) and access != PUBLIC:
            yield f"{place(rule, view)} names a project, but asks for no permission in it"


def forms_without_token(source: Source) -> Iterator[str]:
    for element in elements(source.text):
        method = element.attributes.get("method", "get").lower()
        if element.tag == "form" and method != "get" and not TOKEN.search(element.inside):
            yield source.at(element.line, 'the form has no token: add {{ form.csrf_token }} or the hidden "csrf_token"')


def test_every_view_declares_its_access_and_every_permission_is_asked_in_a_project(fresh_app: Flask):
    expect_none(unguarded(fresh_app), "Declare who may open these:")


def test_what_strangers_may_open_is_listed_here_with_its_reason(fresh_app: Flask):
    opened = {rule.endpoint for rule, view in views(fresh_app) if declared_access(view) == PUBLIC}
    expect_none(opened - set(PUBLIC_VIEWS), "These views are public. If that is meant, say why in PUBLIC_VIEWS:")
    expect_none(set(PUBLIC_VIEWS) - opened, "These are no longer public: take them out of PUBLIC_VIEWS:")


def test_the_views_of_packages_only_hand_out_files(fresh_app: Flask):
    rules = {rule.endpoint: rule for rule in fresh_app.url_map.iter_rules() if rule.endpoint in OPEN_ENDPOINTS}
    assert set(rules) == OPEN_ENDPOINTS
    for rule in rules.values():
        assert rule.rule.endswith("/<path:filename>")
        assert not rule.methods & WRITING


def test_no_view_takes_a_form_without_its_token(fresh_app: Flask):
    browser = fresh_app.test_client()
    answers = {}
    for rule, view in views(fresh_app):
        for method in sorted(rule.methods & WRITING):
            with fresh_app.test_request_context():
                address = fresh_app.url_for(rule.endpoint, _method=method, **dict.fromkeys(rule.arguments, 1))
            answer = browser.open(address, method=method)
            answers[f"{method} {place(rule, view)}"] = answer.status_code, "cookies" in answer.get_data(as_text=True)
    assert answers, "no view takes a form"
    refused = (400, True)
    expect_none((name for name, answer in answers.items() if answer != refused), "These take forms without a token:")


def test_the_token_is_checked_by_default_and_nothing_is_exempt(fresh_app: Flask):
    assert fresh_app.config["WTF_CSRF_ENABLED"] is True
    assert fresh_app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    assert fresh_app.config["WTF_CSRF_METHODS"] >= WRITING
    protection = fresh_app.extensions["csrf"]
    assert protection._exempt_views == set()
    assert protection._exempt_blueprints == set()


def test_every_form_that_is_posted_carries_its_token():
    found = (offence for source in templates() for offence in forms_without_token(source))
    expect_none(found, "Add the token to these forms:")


def test_a_view_that_declares_nothing_or_the_wrong_thing_is_found():
    app = Flask(__name__)
    app.add_url_rule("/mute", "mute", lambda: "")
    app.add_url_rule("/lost", "lost", requires(Permission.READ_PROJECT)(lambda: ""))
    app.add_url_rule("/projects/<code>/loose", "loose", signed_in(lambda code: ""))
    app.add_url_rule("/projects/<code>/good", "good", requires(Permission.READ_PROJECT)(lambda code: ""))
    app.add_url_rule("/public/<code>", "open", public(lambda code: ""))
    found = [offence.partition(" ")[2] for offence in unguarded(app)]
    assert found == [
        "mute at /mute declares no access: add @public, @signed_in or @requires",
        "lost at /lost requires a permission, but its address names no project (<code>)",
        "loose at /projects/<code>/loose names a project, but asks for no permission in it",
    ]


def test_a_form_without_token_is_found():
    text = """<form class="{{ 'a' if a > b }}" method="post">{{ form.name }}</form>
<form method="get">{{ form.name }}</form>
<form
  method="POST" action="{{ url_for('.move') }}"></form>
<form method="post">{{ form.csrf_token }}</form><form method="post">{{ form.hidden_tag() }}</form>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>"""
    assert lines_of(forms_without_token(Source("sample.html", text))) == [1, 3]

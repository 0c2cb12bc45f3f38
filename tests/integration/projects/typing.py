"""A project typed in by pages as its file states it."""

import tomllib
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.integration.pages import page_text, read_fields, read_summary
from tests.make import PROJECT_FILE

NEW = "/projects/new"


def file_tables() -> dict[str, Any]:
    """What the file of LTPL00388 states."""
    return tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))


def fill(browser: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open the form, fill in the changes, send it, and go where that leads; the form must be taken."""
    answer = send(browser, address, **changes)
    assert answer.status_code == 302, (address, read_summary(answer) or page_text(answer))
    return browser.get(answer.location)


def send(browser: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open the form, fill in the changes and send it; every change is a field of the form."""
    page = browser.get(address, follow_redirects=True)
    fields = read_fields(page)
    unknown = [name for name in changes if name not in fields]
    assert not unknown, f"no fields {unknown} at {address}"
    return browser.post(page.request.full_path.rstrip("?"), data={**fields, **changes})


def in_languages(name: str, texts: dict[str, Any]) -> dict[str, Any]:
    """The fields of a text per language."""
    return {f"{name}_{language}": text for language, text in texts.items() if language != "aliases"}


def type_project(browser: FlaskClient, stated: dict[str, Any], code: str) -> str:
    """Make the project on its pages, in the order a person would, and return the address of its structure."""
    project, lead = stated["project"], stated["organisations"][0]
    facts = {name: project[name] for name in ("programme", "fund", "cofinancing_rate", "currency")}
    days = {"start": project["start"].isoformat(), "last_day": project["last_day"].isoformat()}
    names = {"lead_key": lead["key"], "lead_country": lead["country"], **in_languages("lead_name", lead["name"])}
    fill(browser, NEW, code=code, **facts, **days, **in_languages("title", project["title"]), **names)
    place = f"/projects/{code}/structure"
    type_own_facts(browser, stated, place)
    fill(browser, f"{place}/organisations/{lead['key']}/edit", budget=lead["budget"])
    for organisation in stated["organisations"][1:]:
        type_organisation(browser, organisation, place)
    for period in stated["reporting"]["periods"]:
        edges = {"start": period["start"].isoformat(), "last_day": period["last_day"].isoformat()}
        fill(browser, f"{place}/periods/new", number=str(period["number"]), **edges)
    for package in stated["work_packages"]:
        title = in_languages("title", package["title"])
        fill(browser, f"{place}/work_packages/new", number=str(package["number"]), **title)
        for activity in package["activities"]:
            title = in_languages("title", activity["title"])
            address = f"{place}/activities/new?in={package['number']}"
            fill(browser, address, number=activity["number"], **title)
    type_indicators(browser, stated["indicators"], place)
    return place


def type_own_facts(browser: FlaskClient, stated: dict[str, Any], place: str) -> None:
    """Fill in the sections of the project's own facts."""
    project, reporting, rules = stated["project"], stated["reporting"], stated["rules"]
    fill(
        browser,
        f"{place}/project/facts",
        programme_website=project["programme_website"],
        agreement_signed=project["agreement_signed"].isoformat(),
        time_zone=project["time_zone"],
        title_aliases="\n".join(project["title"]["aliases"]),
    )
    statement = in_languages("funding_statement", project["funding_statement"])
    fill(browser, f"{place}/project/texts", **in_languages("summary", project["summary"]), **statement)
    due = {name: str(days) for name, days in reporting.items() if name.endswith("_due_days")}
    fill(browser, f"{place}/project/reporting", **due)
    fill(browser, f"{place}/project/rules", **{name: str(value) for name, value in rules.items()})
    fill(browser, f"{place}/project/assumed", assumed=project["assumed"])


def type_organisation(browser: FlaskClient, organisation: dict[str, Any], place: str) -> None:
    """Add the organisation; its other spellings have a page of their own."""
    facts = {
        name: organisation[name] for name in ("key", "role", "country", "currency", "budget") if name in organisation
    }
    fill(browser, f"{place}/organisations/new", **facts, **in_languages("name", organisation["name"]))


def type_indicators(browser: FlaskClient, indicators: list[dict[str, Any]], place: str) -> None:
    """Add the indicators; a sum comes after its parts, and is put at its place."""
    ordered = sorted(enumerate(indicators, start=1), key=lambda item: item[1]["measure"]["kind"] == "sum")
    for position, indicator in ordered:
        measure = dict(indicator["measure"])
        kind, options = measure.pop("kind"), {f"measure_{name}": option for name, option in measure.items()}
        answers = {
            name: {True: "yes", False: "no"}.get(option, option) if isinstance(option, bool) else option
            for name, option in options.items()
        }
        facts = {name: str(indicator[name]) for name in ("key", "code", "unit", "target") if name in indicator}
        texts = {**in_languages("name", indicator["name"]), **in_languages("note", indicator.get("note", {}))}
        fill(browser, f"{place}/indicators/new?kind={kind}", **facts, **texts, **answers, place=str(position))

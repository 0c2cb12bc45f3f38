"""Imports that are killed: run as a program, on the database and the store that PORTAL_… name.

Each round uploads and imports some events, then people who were at the event W1.
"""

import sys

from flask.testing import FlaskClient

from portal import create_app
from portal.config import Config
from tests.files import as_form
from tests.integration.killed.rounds import kill_rounds
from tests.make import PROJECT, sign_in

EVENTS, PEOPLE = 20, 300
NEW = f"/projects/{PROJECT}/imports/new"
EVENT_COLUMNS = "ref,title,kind,activity,start,end,country,organisers"
EVENT_FACTS = "Workshop,workshop,1.1,2026-03-10 10:00,2026-03-10 16:00,LT,lps;ols"


def main(rounds: int) -> None:
    """Import and kill as often as asked."""
    app = create_app(Config.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1)

    def bring(number: int) -> bool:
        events = [f"R{number}-{each},{EVENT_FACTS}" for each in range(EVENTS)]
        people = [f"W1,round-{number}-{each},professional" for each in range(PEOPLE)]
        return import_file(browser, "events", [EVENT_COLUMNS, *events]) and import_file(
            browser, "participations", ["event,participant,group", *people]
        )

    kill_rounds(app, rounds, bring)


def import_file(browser: FlaskClient, kind: str, lines: list[str]) -> bool:
    """Upload a file with these lines and press the button that imports it; return whether both were taken."""
    content = "\n".join(lines).encode()
    shown = browser.post(NEW, **as_form({"kind": kind}, file=[(f"{kind}.csv", content)]))
    return shown.status_code == 302 and browser.post(f"{shown.location}/store", data={}).status_code == 302


if __name__ == "__main__":
    main(int(sys.argv[1]))

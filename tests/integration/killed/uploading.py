"""Uploads that are killed: run as a program, on the database and the store that PORTAL_… name.

Each round sends three files at once to the event 1.
"""

import sys

from portal import create_app
from portal.config import Config
from tests.files import as_form, pdf
from tests.integration.killed.rounds import kill_rounds
from tests.make import PROJECT, sign_in

FILES = 3
ADDRESS = f"/projects/{PROJECT}/events/1/evidence/new"


def main(rounds: int) -> None:
    """Send and kill as often as asked."""
    app = create_app(Config.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1)

    def send(number: int) -> bool:
        files = [(f"{number}-{each}.pdf", pdf(f"{number} {each} " * 20_000)) for each in range(FILES)]
        return browser.post(ADDRESS, **as_form({"kind": "agenda"}, files=files)).status_code == 302

    kill_rounds(app, rounds, send)


if __name__ == "__main__":
    main(int(sys.argv[1]))

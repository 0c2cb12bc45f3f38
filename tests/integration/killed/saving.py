"""Saves that are killed: run as a program, on the database that PORTAL_… name.

Each round saves the form of the event 1 with another title, and with or without its second organiser.
"""

import sys

from portal import create_app
from portal.config import Config
from tests.integration.killed.rounds import kill_rounds
from tests.integration.pages import send_form
from tests.make import PROJECT, sign_in

ADDRESS = f"/projects/{PROJECT}/events/1/edit"


def main(rounds: int) -> None:
    """Save and kill as often as asked."""
    app = create_app(Config.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1)

    def save(number: int) -> bool:
        organisers = ["lps", "ols"] if number % 2 else ["lps"]
        return send_form(browser, ADDRESS, title_en=f"Round {number}", organisers=organisers).status_code == 302

    kill_rounds(app, rounds, save)


if __name__ == "__main__":
    main(int(sys.argv[1]))

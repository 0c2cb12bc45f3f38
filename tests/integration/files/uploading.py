"""Uploads that are killed: run as a program, on the database and the store that PORTAL_… name.

Each round is a process of its own that sends three files at once to the event 1, and is ended with SIGKILL, each a
little later than the one before.
"""

import os
import signal
import sys
import time

from portal import create_app
from portal.config import Config
from portal.core.db import db
from tests.files import as_form, pdf
from tests.make import PROJECT, sign_in

FILES = 3
ADDRESS = f"/projects/{PROJECT}/events/1/evidence/new"


def main(rounds: int) -> None:
    """Send and kill as often as asked; the first round is let through, and says how long the others may take."""
    app = create_app(Config.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1)

    def begin(number: int) -> int:
        # A child must not share its parent's connections.
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        child = os.fork()
        if child == 0:
            files = [(f"{number}-{each}.pdf", pdf(f"{number} {each} " * 20_000)) for each in range(FILES)]
            answer = browser.post(ADDRESS, **as_form({"kind": "agenda"}, files=files))
            os._exit(0 if answer.status_code == 302 else 1)
        return child

    started = time.monotonic()
    if os.waitpid(begin(0), 0)[1] != 0:
        sys.exit("the upload that nobody kills is refused")
    takes = time.monotonic() - started
    for number in range(1, rounds + 1):
        child = begin(number)
        time.sleep(takes * number / rounds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))

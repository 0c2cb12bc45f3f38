"""Many files at once that are killed: run as a program, on the database and the store that PORTAL_… name.

Each round sends a ZIP with a file for each of the items K-1 to K-5 of Olsztyn.
"""

import sys

from portal import create_app
from portal.config import Config
from tests.files import as_form, packed, pdf
from tests.integration.killed.rounds import kill_rounds
from tests.make import PROJECT, sign_in

ITEMS = 5
ADDRESS = f"/projects/{PROJECT}/expenditure/evidence"


def main(rounds: int) -> None:
    """Send and kill as often as asked."""
    app = create_app(Config.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = sign_in(app.test_client(), 1)

    def send(number: int) -> bool:
        files = {f"K-{each} round {number}.pdf": pdf(f"{number} {each} " * 20_000) for each in range(1, ITEMS + 1)}
        form = as_form({"organisation": "ols"}, files=[("invoices.zip", packed(files))])
        return browser.post(ADDRESS, **form).status_code == 302

    kill_rounds(app, rounds, send)


if __name__ == "__main__":
    main(int(sys.argv[1]))

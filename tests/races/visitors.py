"""People at the page of registration: each opens the form, fills it in and sends it."""

import time
from urllib.parse import urlsplit

from tests.races.browsers import BROKEN, Answer, Browser, hidden_fields, said, value_of

# How long somebody whose connection broke goes on trying.
STUBBORN_SECONDS = 120


class Visitor(Browser):
    """Somebody with this e-mail address at the registration page; keeps the form as a browser does."""

    def __init__(self, port: int, token: str, email: str) -> None:
        super().__init__(port)
        self.page = f"/register/{token}"
        self.email = email
        self.form: dict[str, str] = {}
        # How often the connection broke, and how long the answer to the form took.
        self.broken = 0
        self.seconds = 0.0

    def open_form(self) -> None:
        """Open the form; raise RuntimeError for any other answer."""
        answer = self.ask("GET", self.page)
        if answer.status == 302:
            # A form that makes one record is led to an address of its own.
            self.page = answer.location
            answer = self.ask("GET", self.page)
        if answer.status != 200:
            raise RuntimeError(f"the form answers {answer.status}: {said(answer)}")
        # The box beside the consent says which text is agreed to.
        self.form = {**hidden_fields(answer.text), "consent": value_of(answer.text, "consent")}

    def send(self, *, stubborn: bool = False) -> str:
        """Send the form filled in; return the personal secret that the answer leads to.

        Raise RuntimeError for any other answer. Who is stubborn sends the same form again where the connection broke.
        """
        filled = {"name": f"Visitor {self.email}", "email": self.email, "organisation": "Library", "country": "LT"}
        stated = {**self.form, **filled}
        started = time.monotonic()
        while True:
            try:
                answer = self.ask("POST", self.page, stated.items())
                break
            except BROKEN:
                self.broken += 1
                if not stubborn or time.monotonic() > started + STUBBORN_SECONDS:
                    raise
                time.sleep(0.05)
        self.seconds = time.monotonic() - started
        return self._secret(answer)

    def leave(self, secret: str) -> None:
        """Cancel the place that the secret belongs to; raise RuntimeError if that is refused."""
        page = f"{urlsplit(self.page).path}/{secret}"
        shown = self.ask("GET", page)
        answer = self.ask("POST", page, hidden_fields(shown.text).items())
        if answer.status not in (302, 303):
            raise RuntimeError(f"cancelling answers {answer.status}: {said(answer)}")

    def _secret(self, answer: Answer) -> str:
        path = urlsplit(answer.location).path
        shown, _, secret = path.rpartition("/")
        if answer.status not in (302, 303) or shown != urlsplit(self.page).path:
            raise RuntimeError(f"{self.email} is answered {answer.status} {answer.location}: {said(answer)}")
        return secret

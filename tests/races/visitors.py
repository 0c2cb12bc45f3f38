"""People at their browsers: each opens the registration form, fills it in and sends it, over their own connection."""

import html
import http.client
import re
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 120
# How long somebody whose connection broke goes on trying.
STUBBORN_SECONDS = 120
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
BROKEN = (http.client.HTTPException, OSError)


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    location: str
    text: str


class Visitor:
    """Somebody with this e-mail address at the registration page; keeps the cookie and the form as a browser does."""

    def __init__(self, port: int, token: str, email: str) -> None:
        self.port = port
        self.page = f"/register/{token}"
        self.email = email
        self.cookie = ""
        self.form: dict[str, str] = {}
        # How often the connection broke, and how long the answer to the form took.
        self.broken = 0
        self.seconds = 0.0

    def open_form(self) -> None:
        """Open the form; raise RuntimeError for any other answer."""
        answer = self._ask("GET", self.page)
        if answer.status == 302:
            # A form that makes one record is led to an address of its own.
            self.page = answer.location
            answer = self._ask("GET", self.page)
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
                answer = self._ask("POST", self.page, stated)
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
        shown = self._ask("GET", page)
        answer = self._ask("POST", page, hidden_fields(shown.text))
        if answer.status not in (302, 303):
            raise RuntimeError(f"cancelling answers {answer.status}: {said(answer)}")

    def _secret(self, answer: Answer) -> str:
        path = urlsplit(answer.location).path
        shown, _, secret = path.rpartition("/")
        if answer.status not in (302, 303) or shown != urlsplit(self.page).path:
            raise RuntimeError(f"{self.email} is answered {answer.status} {answer.location}: {said(answer)}")
        return secret

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Connection": "close", "Accept-Language": "en"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if kept := response.headers.get("Set-Cookie"):
            self.cookie = kept.partition(";")[0]
        return Answer(response.status, response.headers.get("Location", ""), text)


def hidden_fields(page: str) -> dict[str, str]:
    """Name -> value of what the page's forms carry without showing it."""
    hidden = (field for field in inputs(page) if field.get("type") == "hidden")
    return {field["name"]: html.unescape(field.get("value", "")) for field in hidden}


def value_of(page: str, name: str) -> str:
    """The value of the field of this name; '' where there is none."""
    return next((field.get("value", "") for field in inputs(page) if field.get("name") == name), "")


def inputs(page: str) -> Iterator[dict[str, str]]:
    """The attributes of each input of the page."""
    return (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(page))


def said(answer: Answer) -> str:
    """What the main part of the page says, for whoever reads why something failed."""
    main = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
    return " ".join(main.split())[:500]

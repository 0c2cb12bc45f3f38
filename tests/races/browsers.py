"""What a person's browser does over HTTP: it keeps cookies and reads forms; each request has its own connection."""

import html
import http.client
import re
from collections.abc import Iterable, Iterator, Sequence
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 120
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
BROKEN = (http.client.HTTPException, OSError)


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    location: str
    text: str


class Browser:
    """A browser with cookies of its own at a port of this machine; addresses are paths, with their query."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, address: str, form: Iterable[tuple[str, str]] | None = None) -> Answer:
        """What the server answers to the form, or to a request without one; raise one of BROKEN."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Connection": "close", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(list(form))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        self._keep(response.headers.get_all("Set-Cookie", []))
        return Answer(response.status, response.headers.get("Location", ""), text)

    def follow(self, answer: Answer) -> Answer:
        """The page that the answer leads to; raise RuntimeError if it leads nowhere."""
        if answer.status not in (302, 303):
            raise RuntimeError(f"answered {answer.status}: {said(answer)}")
        stated = urlsplit(answer.location)
        return self.ask("GET", f"{stated.path}?{stated.query}" if stated.query else stated.path)

    def _keep(self, stated: Sequence[str]) -> None:
        for each in stated:
            for name, cookie in SimpleCookie(each).items():
                self.cookies[name] = cookie.value


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

"""Templates as the tests of this folder read them: their HTML without Jinja, and their Jinja as a syntax tree."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple

from jinja2 import Environment, nodes

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)

_environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])


class Element(NamedTuple):
    """An element as it is written; what Jinja would put into an attribute is blank. `inside` keeps its Jinja."""

    tag: str
    attributes: dict[str, str]
    line: int
    inside: str


@cache
def jinja(text: str) -> nodes.Template:
    """The syntax tree of a template."""
    return _environment.parse(text)


@cache
def elements(text: str) -> list[Element]:
    """The HTML elements of a template, in order."""
    reader = _Reader(text)
    reader.feed(JINJA.sub(_blank, text))
    reader.close()
    return reader.found


def _blank(match: re.Match[str]) -> str:
    """Spaces of the same length, on the same lines."""
    return re.sub(r"[^\n]", " ", match[0])


class _Reader(HTMLParser):
    """Collects the elements; one that is never closed reaches to the end of the file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.found: list[Element] = []
        self.open: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        begins = self._place() + len(self.get_starttag_text() or "")
        self.open.append((len(self.found), begins))
        given = {name: value or "" for name, value in attrs}
        self.found.append(Element(tag, given, self.getpos()[0], self.text[begins:]))

    def handle_endtag(self, tag: str) -> None:
        for place, (number, begins) in reversed(list(enumerate(self.open))):
            if self.found[number].tag == tag:
                self.found[number] = self.found[number]._replace(inside=self.text[begins : self._place()])
                del self.open[place]
                return

    def _place(self) -> int:
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

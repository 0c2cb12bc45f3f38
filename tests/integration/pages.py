"""Reading pages as people do: tables by their caption, fields by their name, errors at their field."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Node(NamedTuple):
    """An element with its attributes, and its elements and texts in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Any]


class _Reader(HTMLParser):
    """Builds the tree; an element that is not closed is closed with its parent."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {}, [])
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.open[-1].children[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(response: TestResponse) -> Node:
    """The page of an answer."""
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return reader.root


def find_all(node: Node, tag: str, **attributes: str) -> Iterator[Node]:
    """The elements below the node, in order, whose attributes have these values (class_ and for_ for class and for)."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    for child in node.children:
        if isinstance(child, Node):
            if child.tag == tag and all(child.attributes.get(name) == value for name, value in wanted.items()):
                yield child
            yield from find_all(child, tag, **attributes)


def text_of(node: Node) -> str:
    """The text of the element with single spaces, no-break spaces as spaces."""
    parts = [child if isinstance(child, str) else f" {text_of(child)} " for child in node.children]
    return " ".join("".join(parts).split())


def page_text(response: TestResponse) -> str:
    """All that the answer's page says."""
    return text_of(read_page(response))


def read_tables(response: TestResponse) -> list[tuple[str, list[list[str]]]]:
    """The tables of the answer's page in order: caption, and the cells of the rows, head and foot included."""
    return [
        (
            " ".join(text_of(caption) for caption in find_all(table, "caption")),
            [
                [text_of(cell) for cell in row.children if isinstance(cell, Node) and cell.tag in ("td", "th")]
                for row in find_all(table, "tr")
            ],
        )
        for table in find_all(read_page(response), "table")
    ]


def read_table(response: TestResponse, caption: str) -> list[list[str]]:
    """The cells of the rows, head and foot included, of the table whose caption starts with these words."""
    found = [rows for title, rows in read_tables(response) if title.startswith(caption)]
    assert found, f"no table “{caption}”"
    return found[0]


def links_of(response: TestResponse) -> dict[str, str]:
    """What the links of the page say -> where they lead."""
    return {text_of(link): link.attributes["href"] for link in find_all(read_page(response), "a")}


def read_errors(response: TestResponse) -> dict[str, str]:
    """Field -> the message that stands at it and that the field is described by."""
    page = read_page(response)
    errors = {
        each.attributes["id"].removesuffix("-error"): text_of(each).removeprefix("▲ ")
        for each in find_all(page, "p", class_="field-error")
    }
    described = {
        word
        for tag in ("input", "select", "textarea", "fieldset")
        for each in find_all(page, tag)
        for word in each.attributes.get("aria-describedby", "").split()
    }
    assert {f"{name}-error" for name in errors} <= described
    return errors


def read_summary(response: TestResponse) -> list[str]:
    """The lines of the summary of errors on top of the form."""
    return [text_of(line) for box in find_all(read_page(response), "div", role="alert") for line in find_all(box, "li")]


def read_fields(response: TestResponse) -> dict[str, Any]:
    """Name -> value of the fields of the first form in the page's main part that is sent by POST."""
    main = next(find_all(read_page(response), "main"))
    form = next(form for form in find_all(main, "form") if form.attributes.get("method") == "post")
    fields: dict[str, Any] = {}
    for field in find_all(form, "input"):
        _read_input(field.attributes, fields)
    for field in find_all(form, "select"):
        options = list(find_all(field, "option"))
        chosen = next((each for each in options if "selected" in each.attributes), options[0])
        fields[field.attributes["name"]] = chosen.attributes["value"]
    for field in find_all(form, "textarea"):
        # Browsers leave out the line break that follows the tag.
        fields[field.attributes["name"]] = "".join(map(str, field.children)).removeprefix("\r").removeprefix("\n")
    return fields


def _read_input(attributes: dict[str, str], fields: dict[str, Any]) -> None:
    name, kind, value = attributes["name"], attributes.get("type", "text"), attributes.get("value", "")
    if kind == "checkbox":
        fields.setdefault(name, [])
        fields[name] += [value] if "checked" in attributes else []
    elif kind != "radio" or "checked" in attributes:
        fields[name] = value


def send_form(client: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open the form at the address, or where that leads to, fill in the changes, and send it."""
    page = client.get(address, follow_redirects=True)
    return client.post(page.request.full_path.rstrip("?"), data={**read_fields(page), **changes})

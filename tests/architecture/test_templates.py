"""Templates extend a layout, call macros and print values; what the browser is told not to run is not written."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from jinja2 import nodes

from tests.architecture.markup import elements, jinja
from tests.architecture.source import ROOT, Source, expect_none, last_name, python, templates

FOLDER = "templates/"
# Parts of pages, and pages of no view.
PARTS = ("layouts/", "macros/", "emails/")
ERROR_PAGE = "error.html"

SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg)
SCRIPT_ATTRIBUTE = re.compile(r"style|on(?:blur|change|click|error|focus|input|load|submit|toggle|(?:key|mouse)[a-z]+)")
SCRIPT_ADDRESS = re.compile(r"\s*(?:javascript|data):", re.IGNORECASE)


def name_of(source: Source) -> str:
    return source.path.removeprefix(FOLDER)


def pages() -> list[Source]:
    """The templates that are a view's page each."""
    return [each for each in templates() if not name_of(each).startswith(PARTS) and name_of(each) != ERROR_PAGE]


def without_layout(source: Source) -> Iterator[str]:
    extended = jinja(source.text).find(nodes.Extends)
    layout = extended.template if extended else None
    if not (isinstance(layout, nodes.Const) and str(layout.value).startswith("layouts/")):
        yield source.at(1, 'the page has no frame: begin with {% extends "layouts/…" %}')


def unescaped(source: Source) -> Iterator[str]:
    """Values printed as markup."""
    tree = jinja(source.text)
    for node in tree.find_all(nodes.Filter):
        if node.name == "safe":
            yield source.at(node.lineno, "|safe: let the value be escaped, or write a macro")
    for switch in tree.find_all(nodes.EvalContextModifier):
        yield source.at(switch.lineno, "autoescape: values are always escaped")


def forbidden_by_policy(source: Source) -> Iterator[str]:
    """Scripts and styles inside the page, as markup or as arguments of a field."""
    for element in elements(source.text):
        if element.tag == "style" or (element.tag == "script" and not element.attributes.get("src")):
            yield source.at(element.line, f"<{element.tag}> in the page: put it into portal/static")
        for name, value in element.attributes.items():
            if name == "style" or name.startswith("on"):
                yield source.at(element.line, f"{name}=: use a class, or a script of portal/static")
            if name in ("href", "src", "action", "formaction") and SCRIPT_ADDRESS.match(value):
                yield source.at(element.line, f"{name} runs a script: use a script of portal/static")
    tree = jinja(source.text)
    arguments = [(node.lineno, node.key) for node in tree.find_all(nodes.Keyword)]
    arguments += [(node.lineno, getattr(node.key, "value", "")) for node in tree.find_all(nodes.Pair)]
    for line, name in arguments:
        if SCRIPT_ATTRIBUTE.fullmatch(str(name)):
            yield source.at(line, f"{name}=: use a class, or a script of portal/static")


def poor_tables(source: Source) -> Iterator[str]:
    """Tables that say nothing to those who hear them."""
    for element in elements(source.text):
        if element.tag == "table" and "<caption" not in element.inside:
            yield source.at(element.line, "the table has no <caption>")
        if element.tag == "th" and element.attributes.get("scope") not in SCOPES:
            yield source.at(element.line, "the <th> has no scope: col or row")


def arithmetic(source: Source) -> Iterator[str]:
    """`set` with + - * / on what is not a text or a list."""
    for assignment in jinja(source.text).find_all(nodes.Assign):
        for node in assignment.find_all(ARITHMETIC):
            sides = [getattr(node, side, None) for side in ("left", "right", "node")]
            if not any(is_text_or_list(side) for side in sides):
                yield source.at(node.lineno, f"{type(node).__name__} in a set: let a query or a filter calculate")


def is_text_or_list(node: nodes.Node | None) -> bool:
    return isinstance(node, nodes.List | nodes.Tuple) or (isinstance(node, nodes.Const) and isinstance(node.value, str))


def rendered(source: Source) -> Iterator[tuple[int, str | None]]:
    """The templates a module renders, with the line; None where the name is not written out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and last_name(node.func) == "render_template":
            first = node.args[0] if node.args else None
            written = isinstance(first, ast.Constant) and isinstance(first.value, str)
            yield node.lineno, first.value if written else None


def missing_templates(source: Source) -> Iterator[str]:
    for line, name in rendered(source):
        if name is None:
            yield source.at(line, "the template's name is not written out here")
        elif not (ROOT / FOLDER / name).is_file():
            yield source.at(line, f"there is no template {name}")


def misplaced_pages(pages: list[Source], modules: list[Source]) -> Iterator[str]:
    """Pages that are not rendered by the views of the feature in whose folder they lie, in one module."""
    modules_of = defaultdict(set)
    for module in modules:
        for _, name in rendered(module):
            modules_of[name].add(module.parts)
    for page in pages:
        found = modules_of[name_of(page)]
        feature = PurePosixPath(name_of(page)).parts[0]
        if not found:
            yield page.at(1, "no view renders this page: delete it")
        elif any(parts[1] != feature or "views" not in parts for parts in found):
            names = ", ".join(sorted(".".join(parts) for parts in found))
            yield page.at(1, f"rendered by {names}, not by views of {feature}")
        elif len(found) > 1:
            yield page.at(1, "two modules of views render this page: give each its own")


def test_every_page_extends_a_layout():
    expect_none((offence for source in pages() for offence in without_layout(source)), "Give these pages a frame:")


def test_every_value_is_escaped():
    expect_none((offence for source in templates() for offence in unescaped(source)), "Print these escaped:")


def test_pages_hold_no_script_and_no_style():
    found = (offence for source in templates() for offence in forbidden_by_policy(source))
    expect_none(found, "The content security policy forbids these:")


def test_every_table_has_a_caption_and_scoped_headers():
    found = (offence for source in templates() for offence in poor_tables(source))
    expect_none(found, "Say what these tables and headers are for:")


def test_templates_do_not_calculate():
    found = (offence for source in templates() for offence in arithmetic(source))
    expect_none(found, "Templates print values, they do not calculate:")


def test_every_template_that_code_renders_exists():
    found = (offence for source in python("portal") for offence in missing_templates(source))
    expect_none(found, "Write these names out, as they stand in templates/:")


def test_every_page_is_rendered_by_a_view_of_its_feature():
    expect_none(misplaced_pages(pages(), python("portal")), "Templates and views are one to one:")


@pytest.mark.parametrize("text", ["<p>Hello</p>", '{% extends "macros/frame.html" %}', "{% extends layout %}"])
def test_a_page_without_layout_is_found(text: str):
    assert list(without_layout(Source("sample.html", text)))
    assert not list(without_layout(Source("sample.html", '{# A page. #}{% extends "layouts/base.html" %}')))


@pytest.mark.parametrize(
    "text", ["{{ name|safe }}", "{{ name | trim | safe }}", "{% autoescape false %}{% endautoescape %}"]
)
def test_an_unescaped_value_is_found(text: str):
    assert list(unescaped(Source("sample.html", text)))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('<p style="color: red">', True),
        ("<style>p {}</style>", True),
        ("<script>alert(1)</script>", True),
        ('<script src="/static/portal.js"></script>', False),
        ("<button {{ 'disabled' if a > b }} onclick='go()'>", True),
        ('<a href="javascript:go()">', True),
        ("{{ field(onchange='go()') }}", True),
        ('{{ field(**{"style": "width: 2em"}) }}', True),
        ('<rect fill="#003399" width="{{ one }}"/>{{ head(one=1, only=2) }}', False),
    ],
)
def test_what_the_policy_forbids_is_found(text: str, refused: bool):
    assert bool(list(forbidden_by_policy(Source("sample.html", text)))) is refused


@pytest.mark.parametrize(
    ("text", "offences"),
    [
        ('<table><caption>{{ _("Rows") }}</caption><tr><th scope="col">A</th></tr></table>', 0),
        ('<table><tr><th scope="row">A</th></tr></table><table><caption>B</caption></table>', 1),
        ('<table class="{{ a }}"><caption>B</caption><tr><th>A</th><th scope="cols">B</th></tr></table>', 2),
    ],
)
def test_a_poor_table_is_found(text: str, offences: int):
    assert len(list(poor_tables(Source("sample.html", text)))) == offences


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ('project.programme ~ " · " ~ project.code', False),
        ('rows + ["last"]', False),
        ("row.a if row.b else row.c", False),
        ("row.eligible + row.other", True),
        ("(share * 100) ~ ' %'", True),
        ("[a - b]", True),
    ],
)
def test_arithmetic_is_found(expression: str, refused: bool):
    text = f"<p>\n{{% set figure = {expression} %}}</p>"
    assert bool(list(arithmetic(Source("sample.html", text)))) is refused


def test_a_template_that_is_missing_or_not_written_out_is_found():
    text = 'render_template("error.html")\nrender_template("nowhere.html")\nrender_template(name)'
    found = [offence.split()[0] for offence in missing_templates(Source("sample.py", text))]
    assert found == ["sample.py:2", "sample.py:3"]


def test_a_page_of_no_view_or_of_anothers_is_found():
    names = [f"budget/{name}.html" for name in ("show", "lost", "lent", "sent", "twice")]
    sample = [Source(f"templates/{name}", "") for name in names]
    modules = [
        Source("portal/budget/views/items.py", 'render_template("budget/show.html")'),
        Source("portal/reports/views/home.py", 'render_template("budget/lent.html")'),
        Source("portal/budget/services.py", 'render_template("budget/sent.html")'),
        Source("portal/budget/views/one.py", 'render_template("budget/twice.html")'),
        Source("portal/budget/views/two.py", 'render_template("budget/twice.html")'),
    ]
    found = [offence.split(":")[0] for offence in misplaced_pages(sample, modules)]
    assert found == [f"templates/{name}" for name in names[1:]]

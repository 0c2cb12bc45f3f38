"""Nothing grows past what a person takes in at a glance. Source: architecture, "Tests on two databases"."""

from collections.abc import Iterator

from tests.architecture.source import Function, Source, expect_none, functions, last_name, python, templates

FUNCTION_LINES = 50
VIEW_LINES = 40
FILE_LINES = 400
TEMPLATE_LINES = 120


def is_view(function: Function) -> bool:
    """Whether a route leads to the function."""
    return any(last_name(decorator) in ("route", "get", "post") for decorator in function.decorator_list)


def long_functions(source: Source) -> Iterator[str]:
    for function in functions(source):
        kind, limit = ("view", VIEW_LINES) if is_view(function) else ("function", FUNCTION_LINES)
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > limit:
            yield source.at(function, f"{kind} {function.name} has {lines} lines, at most {limit}")


def long_file(source: Source, limit: int) -> Iterator[str]:
    lines = source.text.count("\n") + (not source.text.endswith("\n"))
    if lines > limit:
        yield source.at(limit + 1, f"the file has {lines} lines, at most {limit}")


def test_no_function_has_more_than_50_lines_and_no_view_more_than_40():
    found = (offence for source in python("portal", "tests") for offence in long_functions(source))
    expect_none(found, "Split these by meaning:")


def test_no_python_file_has_more_than_400_lines():
    found = (offence for source in python("portal", "tests") for offence in long_file(source, FILE_LINES))
    expect_none(found, "Make these a package by topic:")


def test_no_template_has_more_than_120_lines():
    found = (offence for source in templates() for offence in long_file(source, TEMPLATE_LINES))
    expect_none(found, "Move parts of these into macros:")


def function_of(lines: int, decorator: str = "") -> Source:
    return Source("sample.py", f"{decorator}def long():\n" + "    pass\n" * (lines - 1))


def test_the_limit_of_functions_is_the_last_line_that_is_allowed():
    assert list(long_functions(function_of(50))) == []
    assert list(long_functions(function_of(51))) == ["sample.py:1 function long has 51 lines, at most 50"]


def test_the_limit_of_views_is_lower():
    route = '@bp.route("/")\n@public\n'
    assert list(long_functions(function_of(40, route))) == []
    assert list(long_functions(function_of(41, route))) == ["sample.py:3 view long has 41 lines, at most 40"]


def test_the_limit_of_files_counts_a_last_line_without_its_end():
    assert list(long_file(Source("sample.py", "\n" * 400), 400)) == []
    assert list(long_file(Source("sample.py", "\n" * 400 + "x"), 400)) == [
        "sample.py:401 the file has 401 lines, at most 400"
    ]

"""Every sentence of the portal stands in Lithuanian and Polish, complete and with the same values in it."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from babel.util import pathmatch
from jinja2 import nodes

from tests.architecture.markup import jinja
from tests.architecture.source import ROOT, Source, expect_none, last_name, lines_of, python, templates

LANGUAGES = ("lt", "pl")
PLURAL_FORMS = {"lt": 3, "pl": 3}
# What `make translations` collects, with the places of the texts among the arguments.
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
COLLECTED = frozenset({"gettext", "lazy_gettext", "ngettext"})

# Words that are the same in both languages.
UNIT = "%(number)s kB"
# The size of a sample, in the letters of statistics.
SAMPLE = "n = %(n)s"
SAME: dict[str, frozenset[str]] = {
    "lt": frozenset({UNIT, SAMPLE, "ID"}),
    "pl": frozenset(
        {
            UNIT,
            SAMPLE,
            "%(num)s import",
            "Administrator",
            "ID",
            "Import",
            "Import: %(kind)s",
            "Menu",
            "Partner",
            "Plan",
            "Test",
            "VAT",
        }
    ),
}

PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")

Sentence = tuple[str, ...]
"""A source text with its plural, if it has one."""


@cache
def sentences() -> dict[Sentence, str]:
    """Every source text of the product with the place where it stands first."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {each["pattern"]: {key: str(value) for key, value in each.items()} for each in mappings}
    found: dict[Sentence, str] = {}
    for path, line, text, _, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        assert context is None, f"{path}:{line} uses a context, which this test does not compare"
        found.setdefault(text if isinstance(text, tuple) else (text,), f"{Path(path).as_posix()}:{line}")
    return found


def catalogue(language: str) -> Catalog:
    """The catalogue as it is compiled: what it does not say itself, nobody adds."""
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing"
    with path.open("rb") as file:
        return read_po(file)


def texts_of(message: Message) -> tuple[Sentence, Sentence]:
    """The source and the translation, each with its plurals."""
    source, translation = message.id, message.string
    return (
        tuple(source) if isinstance(source, tuple | list) else (source,),
        tuple(translation) if isinstance(translation, tuple | list) else (translation,),
    )


def differences(catalogue: Catalog, sentences: Mapping[Sentence, str]) -> Iterator[str]:
    """Sentences without an entry, and entries without a sentence."""
    known = {texts_of(message)[0] for message in catalogue if message.id}
    yield from (f"{sentences[each]} is missing: {each[0]!r}" for each in sentences.keys() - known)
    yield from (f"unused, take it out: {each[0]!r}" for each in known - sentences.keys())
    yield from (f"obsolete, take it out: {message.id!r}" for message in catalogue.obsolete.values())


def unfinished(catalogue: Catalog, plural_forms: int) -> Iterator[str]:
    """Entries that are empty, fuzzy or lack a plural form."""
    if catalogue.num_plurals != plural_forms:
        yield f"the header must say Plural-Forms: nplurals={plural_forms}, it gives {catalogue.num_plurals}"
    for message in catalogue:
        source, translation = texts_of(message)
        if not message.id:
            continue
        if message.fuzzy:
            yield f"fuzzy: {source[0]!r}"
        if not all(translation):
            yield f"untranslated: {source[0]!r}"
        elif len(translation) != (plural_forms if len(source) > 1 else 1):
            yield f"{len(translation)} plural forms, not {plural_forms}: {source[0]!r}"


def broken(catalogue: Catalog) -> Iterator[str]:
    """Translations that do not take the same values as their source, or cannot take any."""
    for message in catalogue:
        source, translation = texts_of(message)
        values = set(PLACEHOLDER.findall(source[-1]))
        for text in filter(None, translation if message.id else ()):
            if set(PLACEHOLDER.findall(text)) != values:
                yield f"other values than its source: {text!r}"
            elif not takes_values(text):
                yield f"a lone % sign, write %%: {text!r}"


def takes_values(text: str) -> bool:
    """Whether values can be put into the text, as the portal always does, even where there are none."""
    return "%" not in PLACEHOLDER.sub("", text.replace("%%", ""))


def copied(catalogue: Catalog, allowed: Iterable[str]) -> Iterator[str]:
    """Translations that are their source, and permissions for it that are not needed."""
    same = {
        source[0] for source, translation in map(texts_of, catalogue) if source[0] and set(source) & set(translation)
    }
    yield from (f"still English: {text!r}" for text in same - set(allowed))
    yield from (f"not the same any more, take it out of SAME: {text!r}" for text in set(allowed) - same)


def unread(source: Source) -> Iterator[str]:
    """Texts that no catalogue can know: put together before they are translated, or under names nobody collects."""
    calls = python_calls(source) if source.path.endswith(".py") else template_calls(source)
    for line, name, texts in calls:
        if name in KEYWORDS and not all(isinstance(text, str) for text in texts[: 2 if name == "ngettext" else 1]):
            yield source.at(line, "the text is not written out here: no catalogue can know it")


def python_calls(source: Source) -> Iterator[tuple[int, str, list[object]]]:
    """Line, function and arguments of each call; None for an argument that is not written out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node.lineno, last_name(node.func), [getattr(each, "value", None) for each in node.args]


def template_calls(source: Source) -> Iterator[tuple[int, str, list[object]]]:
    for node in jinja(source.text).find_all(nodes.Call):
        yield node.lineno, getattr(node.node, "name", ""), [getattr(each, "value", None) for each in node.args]


def uncollected(source: Source) -> Iterator[str]:
    """Functions that translate, imported under names whose texts `make translations` does not find."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name.endswith("gettext") and (alias.name not in COLLECTED or name not in KEYWORDS):
                    yield source.at(node, f"{alias.name} as {name} is not collected: use gettext, _l or ngettext")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_holds_the_sentences_of_the_portal_and_no_others(language: str):
    expect_none(differences(catalogue(language), sentences()), f"translations/{language} (see `make translations`):")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_is_translated_in_all_its_forms(language: str):
    expect_none(unfinished(catalogue(language), PLURAL_FORMS[language]), f"translations/{language} is not complete:")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_takes_the_values_of_its_source(language: str):
    expect_none(broken(catalogue(language)), f"translations/{language} would fail or say less when it is shown:")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_english(language: str):
    expect_none(copied(catalogue(language), SAME[language]), f"translations/{language}, or SAME in this test:")


def test_every_sentence_takes_its_values():
    lone = ((place, text) for texts, place in sentences().items() for text in texts if not takes_values(text))
    expect_none((f"{place} write %% for a lone %: {text!r}" for place, text in lone), "These fail when they are shown:")


def test_every_sentence_is_written_out():
    found = (offence for source in [*python("portal"), *templates()] for offence in unread(source))
    expect_none(found, "Write the text as one literal and put values into it by name:")


def test_every_sentence_is_translated_by_a_name_that_is_collected():
    found = (offence for source in python("portal") for offence in uncollected(source))
    expect_none(found, "`make translations` does not find the texts of these:")


def test_every_template_is_searched_for_sentences():
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    patterns = [each["pattern"] for each in mappings]
    found = (
        each.at(1, "is not searched") for each in templates() if not any(pathmatch(p, each.path) for p in patterns)
    )
    expect_none(found, "Add these to [tool.babel] of pyproject.toml:")


SENTENCES = {("Save",): "a.html:1", ("%(num)s event", "%(num)s events"): "a.html:2", ("Page %(number)s",): "a.html:3"}


def sample(**changes: object) -> Catalog:
    """A complete Polish catalogue of SENTENCES, with other translations of its entries."""
    written = {
        "save": "Zapisz",
        "events": ("%(num)s w", "%(num)s ws", "%(num)s wi"),
        "page": "Strona %(number)s",
        **changes,
    }
    made = Catalog(locale="pl")
    for source, translation in zip(SENTENCES, written.values(), strict=True):
        made.add(source if len(source) > 1 else source[0], translation)
    return made


def test_a_complete_catalogue_is_good():
    good = sample()
    found = [*differences(good, SENTENCES), *unfinished(good, 3), *broken(good), *copied(good, [])]
    assert found == []


def test_missing_unused_and_obsolete_entries_are_found():
    catalogue = sample()
    catalogue.delete("Save")
    catalogue.add("Store", "Zapisz")
    catalogue.obsolete["Old"] = Message("Old", "Stary")
    assert list(differences(catalogue, SENTENCES)) == [
        "a.html:1 is missing: 'Save'",
        "unused, take it out: 'Store'",
        "obsolete, take it out: 'Old'",
    ]


def test_unfinished_entries_are_found():
    catalogue = sample(save="", events=("%(num)s w", "%(num)s ws"))
    catalogue.get("Page %(number)s").flags.add("fuzzy")
    assert len(list(unfinished(catalogue, 3))) == 3
    assert list(unfinished(Catalog(locale="en"), 3)) == [
        "the header must say Plural-Forms: nplurals=3, it gives 2",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"page": "Strona"},
        {"page": "Strona %(numer)s"},
        {"page": "Strona %(number)d"},
        {"save": "Zapisz 100 %"},
        {"save": "Zapisz 100 % sumy"},
        {"events": ("jedno", "%(num)s ws", "%(num)s wi")},
    ],
)
def test_a_translation_that_cannot_take_its_values_is_found(changes: dict[str, object]):
    assert len(list(broken(sample(**changes)))) == 1


def test_a_translation_that_is_still_english_is_found_unless_it_is_the_same_word():
    assert list(copied(sample(save="Save"), [])) == ["still English: 'Save'"]
    assert list(copied(sample(save="Save"), ["Save"])) == []
    assert list(copied(sample(), ["Save"])) == ["not the same any more, take it out of SAME: 'Save'"]


def test_a_sentence_that_is_put_together_is_found():
    code = '_("Saved %(name)s", name=name)\n_(f"Saved {name}")\n_l(TEXT)\nfor _, name in rows: pass\n'
    assert lines_of(unread(Source("sample.py", code))) == [2, 3]
    page = '{{ _("Saved") }}\n{{ _("Saved " ~ name) }}\n{{ ngettext(one, many, 2) }}'
    assert lines_of(unread(Source("sample.html", page))) == [2, 3]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("from flask_babel import gettext as _, lazy_gettext as _l, ngettext", False),
        ("from flask_babel import lazy_ngettext", True),
        ("from flask_babel import gettext as t", True),
        ("from flask_babel import format_date", False),
    ],
)
def test_a_translating_name_that_is_not_collected_is_found(line: str, refused: bool):
    assert bool(list(uncollected(Source("sample.py", line)))) is refused

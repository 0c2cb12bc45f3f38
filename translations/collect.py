"""Brings the sentences of code and templates into the catalogues and lists those that wait for a translation.

Usage: .venv/bin/python translations/collect.py
"""

import io
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
WIDTH = 120
KEPT_HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")


def main() -> None:
    """Update both catalogues in place: new sentences come in empty, unused ones go."""
    template = collect()
    for language in ("lt", "pl"):
        path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        catalogue.update(template, no_fuzzy_matching=True)
        path.write_text(as_text(catalogue))
        for message in catalogue:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and not all(texts):
                print(f"{language}: {message.id!r}")


def collect() -> Catalog:
    """Every sentence of the code and the templates."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {each["pattern"]: {"silent": "false"} for each in mappings}
    catalogue = Catalog()
    for folder in ("portal", "templates"):
        there = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        named = {pattern.removeprefix(f"{folder}/"): option for pattern, option in options.items()}
        for _file, _line, message, comments, context in extract_from_dir(ROOT / folder, there, named, KEYWORDS):
            catalogue.add(message, None, [], auto_comments=comments, context=context)
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """The catalogue as a file: sorted, without dates, names or places that would change with every run."""
    target = io.BytesIO()
    write_po(target, catalogue, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True, omit_header=True)
    headers = dict(catalogue.mime_headers)
    lines = [f'"{name}: {headers[name]}\\n"' for name in KEPT_HEADERS]
    return "\n".join(['msgid ""', 'msgstr ""', *lines, "", target.getvalue().decode().lstrip()])


if __name__ == "__main__":
    main()

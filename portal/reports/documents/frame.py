"""What stands around a document: whose project it is, who pays, and the same words in several languages."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import segno
from flask import get_template_attribute
from flask_babel import gettext as _

from portal.core.web.language import speaking, text_in
from portal.projects.models import Project
from portal.reports.notes import funding_note

LANGUAGE_OF = {"LT": "lt", "PL": "pl"}
MOST_LANGUAGES = 2


def languages_of(countries: Sequence[str]) -> list[str]:
    """The languages of these countries, each once, at most two; English for a country that has none of ours."""
    found = dict.fromkeys(LANGUAGE_OF.get(country, "en") for country in countries)
    return list(found)[:MOST_LANGUAGES] or ["en"]


def in_each(languages: Sequence[str], say: Callable[[], str]) -> list[str]:
    """What `say` says in each of the languages, in their order; what is said alike in two stands once."""
    said = []
    for language in languages:
        with speaking(language):
            said.append(str(say()))
    return list(dict.fromkeys(said))


def beside(languages: Sequence[str], say: Callable[[], str], between: str = " / ") -> str:
    """What `say` says in each of the languages, side by side."""
    return between.join(in_each(languages, say))


def frame(
    project: Project,
    languages: Sequence[str],
    *,
    title: Callable[[], str],
    as_of: str = "",
    is_example: bool = False,
    public: bool = False,
) -> dict[str, Any]:
    """What every layout reads: language, title, project, who pays, the words of the foot, the mark of invented data.

    A `public` paper, which leaves the project's hands, says nothing of wording that is assumed.
    """
    emblem = project.fund == "ERDF"
    return {
        "language": languages[0],
        "title": beside(languages, title),
        "as_of": as_of,
        "page": beside(languages, lambda: _("Page %(number)s of %(last)s", number="{number}", last="{last}")),
        "project": {
            "code": project.code,
            "title": beside(languages, lambda: text_in(project.title), "\n"),
            "programme": project.programme,
        },
        "example": {
            "mark": beside(languages, lambda: _("Example data")) if is_example else "",
            "text": beside(languages, lambda: _("invented events are among what is shown here.")) if is_example else "",
        },
        "funding": {
            "statement": beside(languages, lambda: "".join(funding_note(project, public=public)), "\n"),
            "emblem": drawing("macros/frame.html", "emblem") if emblem else "",
            "alt": beside(languages, lambda: _("Emblem of the European Union")),
        },
    }


def drawing(template: str, macro: str, style: str = "", **values: object) -> str:
    """The SVG that the macro draws on pages, as a text of its own; `style` has the colours that it has on paper."""
    drawn = str(get_template_attribute(template, macro)(**values)).strip()
    opening, end, rest = drawn.partition(">")
    return opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) + end + style + rest


def qr_code(address: str, *, quickly: bool = False) -> str:
    """The address as a QR code: an SVG with the white edge that readers need, of any size.

    Drawn `quickly` it has the first of the eight patterns rather than the one that cameras find most easily.
    """
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=0 if quickly else None).save(
        drawn, kind="svg", border=4, xmldecl=False, omitsize=True, nl=False, light="#ffffff"
    )
    return drawn.getvalue().decode()

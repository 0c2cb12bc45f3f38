"""The texts of a questionnaire side by side in its languages."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core.errors import NotFound
from portal.core.web.language import LANGUAGES
from portal.core.web.paging import cut_page, page_address, page_size
from portal.projects.queries import get_project
from portal.surveys.forms.naming import place_names
from portal.surveys.forms.texts import name_of, text_pairs, text_values, texts_form
from portal.surveys.queries.studies import document_of, find_draft, get_study
from portal.surveys.rules.texts import Place, text_places
from portal.surveys.rules.translating import completeness, needed_places
from portal.surveys.views.access import Edited, load_draft, save

# Only the texts that are missing or to be looked at again.
OPEN = "open"

bp = Blueprint("survey_translating", __name__, url_prefix="/projects/<code>/surveys/<key>/texts")


@bp.route("")
@requires(Permission.READ_PROJECT)
def index(code: str, key: str) -> ResponseReturnValue:
    """Show how complete each language is, and each text that is missing."""
    study = get_study(code, key)
    row = find_draft(study) or study.instruments[-1]
    instrument, is_draft = document_of(row), not row.content_hash
    return render_template(
        "surveys/translating_index.html",
        project=get_project(code),
        study=study,
        is_draft=is_draft,
        instrument=instrument,
        completeness=completeness(instrument),
        places=cut_page(needed_places(instrument)),
        names=place_names(instrument),
        outdated=row.outdated if is_draft else {},
    )


@bp.route("/<language>", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def edit(code: str, key: str, language: str) -> ResponseReturnValue:
    """Show the texts beside those in the language in which they are written, or store them; a stale form keeps them."""
    edited = load_draft(code, key)
    if language not in edited.instrument.languages:
        raise NotFound("part-gone")
    page = cut_page(_chosen(edited, language))
    if request.method == "POST":
        page = page._replace(rows=_sent(edited))
    form = texts_form(page.rows, language, edited.row, edited.instrument)
    if form.accepted(lambda: save(edited, form)):
        flash(_("The texts are saved."))
        if more := len(form.filled(edited.instrument)):
            flash(
                ngettext(
                    "%(num)s more text with the same words was filled in.",
                    "%(num)s more texts with the same words were filled in.",
                    more,
                )
            )
        number = _number_after(page.rows, load_draft(code, key), language) if "further" in request.form else page.number
        return redirect(page_address(number))
    edited = load_draft(code, key)
    shown = {each.path for each in page.rows}
    now = [each for each in text_places(edited.instrument) if each.path in shown]
    return render_template(
        "surveys/translating_edit.html",
        project=edited.project,
        study=edited.study,
        instrument=edited.instrument,
        completeness=completeness(edited.instrument),
        language=language,
        form=form,
        page=page,
        pairs=text_pairs(form, page.rows, edited.row.outdated, edited.instrument),
        is_part=request.args.get("only") == OPEN,
        stale=form.stale(text_values(now, language, edited.row.version)),
        names=LANGUAGES,
    ), form.answer_status


def _chosen(edited: Edited, language: str) -> list[Place]:
    """The texts to show: all, or those that wait to be translated."""
    if request.args.get("only") != OPEN:
        return list(text_places(edited.instrument))
    waiting = {each.path for each in needed_places(edited.instrument) if not each.texts.get(language)}
    waiting |= {path for path, marks in edited.row.outdated.items() if language in marks}
    return [each for each in text_places(edited.instrument) if each.path in waiting]


def _sent(edited: Edited) -> list[Place]:
    """The texts that were sent with the form, on whichever page they stand by now."""
    return [each for each in text_places(edited.instrument) if name_of(each) in request.form]


def _number_after(sent: Sequence[Place], edited: Edited, language: str) -> int:
    """The page with the first text to show that comes after those sent, from 1; the last page where none does.

    Of the texts that wait to be translated those that were sent with a translation wait no more: the others move up.
    """
    order = {each.path: place for place, each in enumerate(text_places(edited.instrument))}
    last = max((order.get(each.path, -1) for each in sent), default=-1)
    chosen = _chosen(edited, language)
    before = sum(order[each.path] <= last for each in chosen)
    return min(before, max(len(chosen) - 1, 0)) // page_size() + 1

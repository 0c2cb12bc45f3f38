"""The questions of a questionnaire: choosing a kind, writing, changing, moving and removing them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from portal.accounts.guard import requires
from portal.accounts.rules import Permission
from portal.core.web.one_record import one_record
from portal.surveys.forms.items import ITEM_FORMS, ItemForm, item_values, new_item
from portal.surveys.forms.removing import RemovePartForm
from portal.surveys.labels import ITEM_KINDS, KIND_EXPLANATIONS
from portal.surveys.queries.studies import published_keys
from portal.surveys.rules.documents import LIKERT, Item
from portal.surveys.rules.editing import ITEMS, consequences, find_part
from portal.surveys.views.access import Edited, load_draft, save

bp = Blueprint("survey_items", __name__, url_prefix="/projects/<code>/surveys/<key>/questionnaire/items")


@bp.route("/kinds")
@requires(Permission.EDIT_STUDIES)
def kinds(code: str, key: str) -> ResponseReturnValue:
    """Let people choose how a new question is answered."""
    edited = load_draft(code, key)
    return render_template(
        "surveys/items_kinds.html",
        project=edited.project,
        study=edited.study,
        kinds=ITEM_KINDS,
        explanations=KIND_EXPLANATIONS,
        section=request.args.get("section", ""),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
@one_record
def add(code: str, key: str) -> ResponseReturnValue:
    """Show an empty form of a question of the chosen kind, or store it."""
    edited = load_draft(code, key)
    kind = request.args.get("kind", "")
    if kind not in ITEM_FORMS:
        return redirect(url_for(".kinds", code=code, key=key))
    used = published_keys(edited.study)
    old, values = new_item(edited.instrument, request.args.get("section", ""), kind, used)
    form = _form(edited, kind, old, {**values, "version": edited.row.version})
    if form.accepted(lambda: save(edited, form)):
        flash(_said_of_new(load_draft(code, key), form.key.data or ""))
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=f"items-{form.key.data}"))
    form.stale({"version": load_draft(code, key).row.version})
    return render_template(
        "surveys/items_add.html",
        project=edited.project,
        study=edited.study,
        form=form,
        kind=ITEM_KINDS[kind],
    ), form.answer_status


@bp.route("/<item_key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def edit(code: str, key: str, item_key: str) -> ResponseReturnValue:
    """Show the form of a question, or store it; a stale form keeps what was typed."""
    edited = load_draft(code, key)
    item = find_part(edited.instrument, ITEMS, item_key)
    asked = request.args.get("kind", "")
    kind = asked if asked in ITEM_FORMS else item.kind
    form = _form(edited, kind, item, item_values(item, edited.instrument, edited.row.version))
    if form.accepted(lambda: save(edited, form)):
        flash(_said(load_draft(code, key), item_key, form.key.data or ""))
        return redirect(url_for("survey_editing.index", code=code, key=key, _anchor=f"items-{form.key.data}"))
    now = load_draft(code, key)
    stored = item_values(find_part(now.instrument, ITEMS, item_key), now.instrument, now.row.version)
    return render_template(
        "surveys/items_edit.html",
        project=edited.project,
        study=edited.study,
        item_key=item_key,
        form=form,
        stale=form.stale({name: value for name, value in stored.items() if name in form}),
        kind=kind,
        kinds=ITEM_KINDS,
    ), form.answer_status


@bp.route("/<item_key>/remove", methods=["GET", "POST"])
@requires(Permission.EDIT_STUDIES)
def remove(code: str, key: str, item_key: str) -> ResponseReturnValue:
    """Say what else changes when the question goes, or remove it."""
    edited = load_draft(code, key)
    item = find_part(edited.instrument, ITEMS, item_key)
    form = RemovePartForm(data={"version": edited.row.version}).of(ITEMS, item_key)
    if form.accepted(lambda: save(edited, form)):
        flash(_("Removed."))
        return redirect(url_for("survey_editing.index", code=code, key=key))
    form.stale({"version": load_draft(code, key).row.version})
    return render_template(
        "surveys/items_remove.html",
        project=edited.project,
        study=edited.study,
        item=item,
        consequences=consequences(edited.instrument, ITEMS, item_key),
        form=form,
    ), form.answer_status


def _said_of_new(edited: Edited, key: str) -> str:
    """What is said once the question is added: one that is answered on a scale may wait for a scale to count it."""
    item, scales = find_part(edited.instrument, ITEMS, key), edited.instrument.scales
    if item.kind != LIKERT or any(key in each.items for each in scales):
        return str(_("Added."))
    address = url_for("survey_editing.index", code=edited.study.project_code, key=edited.study.key, _anchor="scales")
    said = _("Added. It belongs to no scale yet; the scale also says whether it is reversed.")
    return Markup('{} <a href="{}">{}</a>').format(said, address, _("Go to the scales"))


def _said(edited: Edited, old_key: str, key: str) -> str:
    """What is said once the question is stored: a renamed one measures what it did in the version before."""
    old = next((old for old, now in edited.row.mapping.items() if now == key), "")
    if not old or key == old_key:
        return str(_("Saved."))
    return str(_("Saved. “%(key)s” still measures what “%(old)s” measured before.", key=key, old=old))


def _form(edited: Edited, kind: str, old: Item, values: dict[str, object]) -> ItemForm:
    form = ITEM_FORMS[kind](data=values)
    form.offer(edited.instrument, old)
    return form

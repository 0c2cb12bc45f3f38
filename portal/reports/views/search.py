"""Searching the projects of the person at hand."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import signed_in
from portal.accounts.queries import list_project_codes
from portal.core.errors import InvalidInput
from portal.core.searching import LONGEST_QUERY, long_enough, search_words
from portal.core.sentences import sentence
from portal.core.web.language import current_language
from portal.reports.queries.search import MOST_HITS, Found, search

bp = Blueprint("search", __name__)


@bp.route("/search")
@signed_in
def index() -> ResponseReturnValue:
    """Show what has the words of `?q=` in its names, in the projects of which the person is a member."""
    query, problem = request.args.get("q", "").strip(), ""
    found: list[Found] = []
    try:
        found = search(list_project_codes(current_user.id), query, language=current_language())
    except InvalidInput as error:
        problem = sentence(error.problem)
    return render_template(
        "reports/search.html",
        query=query[:LONGEST_QUERY],
        problem=problem,
        enough=long_enough(search_words(query)),
        found=found,
        most=MOST_HITS,
    ), 422 if problem else 200

"""Searching the projects of the person at hand."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.guard import signed_in
from portal.accounts.queries import list_holdings, list_project_codes
from portal.accounts.rules import Permission, may, own_organisations
from portal.budget.rules.masking import salaries_seen
from portal.core.errors import InvalidInput
from portal.core.searching import LONGEST_QUERY, long_enough, search_words
from portal.core.sentences import sentence
from portal.core.web.language import current_language
from portal.reports.queries.search import MOST_HITS, Found, MoneySight, search

bp = Blueprint("search", __name__)


@bp.route("/search")
@signed_in
def index() -> ResponseReturnValue:
    """Show what has the words of `?q=` in its names, in the projects of which the person is a member."""
    query, problem = request.args.get("q", "").strip(), ""
    codes = list_project_codes(current_user.id)
    found: list[Found] = []
    try:
        found = search(codes, query, language=current_language(), money=_money(codes))
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


def _money(codes: Sequence[str]) -> dict[str, MoneySight]:
    """Project -> what of its expenditure the person sees, for those of the projects in which they see any."""
    held = {code: list_holdings(current_user.id, code) for code in codes}
    return {
        code: MoneySight(own_organisations(Permission.SEE_EXPENDITURE, each), salaries_seen(each))
        for code, each in held.items()
        if may(Permission.SEE_EXPENDITURE, each)
    }

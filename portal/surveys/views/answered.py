"""The page that thanks whoever has answered with a personal code: it leads to no questions."""

import hmac

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.guard import public
from portal.core.errors import NotFound
from portal.core.web.language import speaking
from portal.surveys.queries.answering import get_answered
from portal.surveys.rules.secrets import thanks_mark
from portal.surveys.views.answering import keep_private, page_language, refuse

bp = Blueprint("answered", __name__, url_prefix="/survey/thanks")
bp.after_request(keep_private)
bp.register_error_handler(NotFound, refuse)


@bp.route("/<int:study_id>/<mark>")
@public
def show(study_id: int, mark: str) -> ResponseReturnValue:
    """Thank for the answers, at an address that says which survey it was and nothing else."""
    if not hmac.compare_digest(mark.encode(), thanks_mark(current_app.config["SECRET_KEY"], study_id).encode()):
        raise NotFound("survey-link-unknown")
    desk = get_answered(study_id)
    with speaking(page_language(desk)):
        return render_template("surveys/answered_show.html", desk=desk)

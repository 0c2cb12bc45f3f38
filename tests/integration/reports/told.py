"""What everyone reads of a survey whose first wave is over: answers given to it, its page, and that page's tables."""

import re
from datetime import date

from portal.core.db import transaction
from portal.surveys.models import Response
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import read_table
from tests.integration.surveys.studies import answer
from tests.make import PROJECT

PAGE = f"/public/{PROJECT}/surveys/trust"
OVER = {"baseline": (date(2026, 3, 1), date(2026, 3, 31)), "endline": (date(2026, 11, 1), date(2026, 12, 31))}


def read_counts(page, caption):
    """The table's cells without the shares beside the numbers."""
    return [[re.sub(r"^(\d+) \(\d+ %\)$", r"\1", cell) for cell in row] for row in read_table(page, caption)]


def give(app, study, number, answers, *, wave="baseline", **facts):
    with app.app_context():
        answer(study, wave, [answers] * number, **facts)


def look(app, client, study):
    """The page once the survey is analysed, of however few people that tells."""
    with app.app_context():
        analyse(study, now=NOW, despite_few=True)
    return client.get(PAGE)


def take_back(app, number):
    with app.app_context(), transaction() as session:
        for row in session.query(Response).limit(number):
            session.delete(row)

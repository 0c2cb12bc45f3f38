"""The pages of the survey "trust", and what its latest version asks."""

from flask import Flask

from portal.surveys.queries.studies import document_of, get_study
from portal.surveys.rules.documents import Instrument
from tests.make import PROJECT

SURVEYS = f"/projects/{PROJECT}/surveys"
TRUST = f"{SURVEYS}/trust"
ITEMS = f"{TRUST}/questionnaire/items"
PARTS = f"{TRUST}/questionnaire"


def stored(app: Flask, key: str = "trust") -> Instrument:
    """What the latest version asks."""
    with app.app_context():
        return document_of(get_study(PROJECT, key).instruments[-1])

"""What the log keeps of refusals and failures: the number that the person was shown, and nothing of their rows."""

import re

from sqlalchemy.exc import IntegrityError

from portal.accounts.models import User
from portal.core import failures
from portal.core.db import db
from tests.conftest import NOW
from tests.integration.pages import page_text

NUMBER = re.compile(r"Number to quote: ([0-9A-F]{8})")


def test_the_number_on_a_page_of_refusal_is_in_the_log_with_its_status_and_place(app, client, caplog):
    client.get("/link/no-such-token")
    answer = client.get("/nowhere")
    number = NUMBER.search(page_text(answer))[1]
    assert f"answer {number}: 404 at an unknown address" in caplog.text


def refused_row() -> IntegrityError:
    """What the database says of a second account with the same e-mail."""
    for _ in range(2):
        db.session.add(User(email="asta@example.org", name="Asta", password_hash="none", created_at=NOW))
    try:
        db.session.flush()
    except IntegrityError as error:
        return error
    raise AssertionError("the database takes two accounts with one e-mail")


def test_a_row_that_the_database_refuses_does_not_reach_the_log(in_app):
    said = failures.described(refused_row())
    db.session.rollback()
    assert said.startswith("IntegrityError (")
    assert "refused_row" in said
    assert "asta" not in said.lower()


def test_other_failures_keep_their_words_and_their_place():
    try:
        raise LookupError("no words")
    except LookupError as error:
        said = failures.described(error)
    assert said.startswith("LookupError: no words\n")
    assert "test_failures.py" in said

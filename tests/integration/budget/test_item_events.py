"""Events that items of expenditure name are not taken away under them."""

from pathlib import Path

import pytest
from sqlalchemy import select

from portal.activities.models import Event
from portal.activities.queries import get_event_by_ref
from portal.activities.services.events import remove_examples
from portal.budget.services.items import remove_item
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from tests.conftest import NOW
from tests.integration.activities.files import bring_rows, take_back
from tests.integration.activities.test_import_events import FEW
from tests.make import PROJECT, make_event, make_item, make_project, run_portal


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()


def test_an_import_whose_event_an_item_names_is_undone_once_it_does_no_more(tmp_path: Path):
    import_id = bring_rows(tmp_path, "events", FEW)
    item_id = make_item("lps", event_id=get_event_by_ref(PROJECT, "W1").id)
    with pytest.raises(Conflict) as error:
        take_back(import_id)
    assert error.value.problem.code == "import-events-named"
    assert get_event_by_ref(PROJECT, "W1") is not None
    remove_item(PROJECT, item_id, version=1, now=NOW)
    take_back(import_id)
    assert db.session.scalars(select(Event)).all() == []


def test_examples_that_an_item_names_stay(in_app):
    event_id = make_event()
    with transaction() as session:
        session.get_one(Event, event_id).is_example = True
    item_id = make_item("lps", event_id=event_id)
    with pytest.raises(Conflict) as error:
        remove_examples(PROJECT, now=NOW)
    assert error.value.problem.code == "examples-named"
    answer = run_portal(in_app, "demo", "remove", PROJECT)
    assert (answer.exit_code, "such as an item of expenditure" in answer.output) == (1, True)
    remove_item(PROJECT, item_id, version=1, now=NOW)
    assert remove_examples(PROJECT, now=NOW) == 1

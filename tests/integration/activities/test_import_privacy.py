"""What stays of a person in a file that was refused: the row, the column and what is wrong, never what stood there."""

import io
import json

import pytest

from portal.core.files.checking import Upload
from portal.imports.queries import get_import, list_said
from portal.imports.services.bringing import bring, keep_and_check
from tests.integration.activities.files import kind, request
from tests.make import PROJECT, make_event, make_project

HEADER = "event,participant,name,organisation"


@pytest.fixture(autouse=True)
def _project(in_app):
    make_project()
    make_event(ref="W1")


def kept_of(*lines: str) -> tuple[list[tuple[int, str, str]], str, list[str]]:
    """What is kept of a refused file of participations with these lines: places and codes, all of it as JSON, and
    what the page says."""
    content = "\n".join(lines).encode()
    upload = Upload("people.csv", io.BytesIO(content))
    row = get_import(PROJECT, bring(keep_and_check(kind("participations"), request(), upload), now=request().now))
    assert row.state == "refused"
    places = [(each["row"], each["column"], each["code"]) for each in row.findings]
    return places, json.dumps(row.findings), [each.message for each in list_said(row, "error").once]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (f"W1,jonas@example.org,Jonas {'x' * 200},", "name", "cell-too-long"),
        (f"W1,jonas@example.org,,Jonas {'x' * 200}", "organisation", "cell-too-long"),
        (f"W1,Jonas{'x' * 300}@example.org,,", "participant", "cell-too-long"),
        ("W1,Jonas Petraitis,,", "participant", "participant-code"),
        ("W1,jonas@,,", "participant", "participant-email"),
    ],
    ids=lambda value: value[:20],
)
def test_a_name_or_an_address_that_cannot_be_taken_is_not_kept(line, column, code):
    places, everything, said = kept_of(HEADER, line)
    assert places == [(2, column, code)]
    assert "jonas" not in everything.lower()
    assert "jonas" not in " ".join(said).lower()


def test_what_is_wrong_is_still_said():
    assert kept_of(HEADER, f"W1,p01,{'x' * 203},")[2] == ["“…” has 203 characters, at most 200 are kept. Shorten it."]
    assert "There is no event “W9”" in kept_of(HEADER, "W9,p01,,")[2][0]


def test_a_file_without_names_of_columns_leaves_nothing_of_its_first_person():
    places, everything, said = kept_of("W1,jonas@example.org,Jonas Petraitis", "W1,ona@example.org,Ona Onaitė")
    assert [code for _, _, code in places] == ["column-unknown"] + ["column-missing"] * 2
    assert "jonas" not in everything.lower()
    assert said[0] == "“…” is no column of this kind of file. Rename or delete it; the template has the names."


def test_a_misspelt_name_of_a_column_is_named():
    places, _, said = kept_of("event,participant,nmae", "W1,p01,")
    assert places == [(1, "nmae", "column-unknown")]
    assert said[0].startswith("“nmae” is no column")

"""Files of responses: what is stored, what is refused and where, what the same file does again, and taking it back."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.core.db import db, transaction
from portal.core.errors import Conflict
from portal.core.sentences import sentence
from portal.imports.models import Import, ImportedChange
from portal.imports.services.ending import undo
from portal.projects.models import Project
from portal.surveys.models import Response, Wave
from tests.conftest import NOW
from tests.integration.surveys.response_files import ROWS, bring, counts, found, of, stored, write
from tests.integration.surveys.studies import make_study, wave_of
from tests.make import PROJECT, make_project


@pytest.fixture
def study(in_app: Any) -> int:
    make_project()
    return make_study()


def last_import() -> int:
    return db.session.scalar(select(func.max(Import.id))) or 0


def test_each_row_is_one_response_with_its_typed_missing_values(study, tmp_path):
    assert counts(bring(write(tmp_path, ROWS))) == (4, 4, 0, 0)
    first, second = of("p1"), of("p2")
    assert first.answers == {
        "q1": 4,
        "q2": 5,
        "q3": 1,
        "met": "yes",
        "where": ["work"],
        "years": "1.5",
        "why": "Nes ąžuolas",
    }
    assert (first.language, first.weight_micros, first.groups) == ("lt", 850_000, {"country": "LT"})
    assert (first.source, first.day, len(first.pairing)) == ("file", None, 3)
    assert not {"a", "7", "Š"} & set(first.pairing)
    assert second.answers == {"q1": "@dk", "q2": "@no", "met": "no"}
    assert (second.pairing, second.weight_micros) == ([], None)
    assert [row.answers for row in stored() if not row.respondent] == [{"q1": 3, "q2": 3, "q3": 3}] * 2
    assert all(row.language == "en" for row in stored() if not row.respondent)


def test_the_same_file_again_changes_nothing_and_in_the_other_wave_it_is_new(study, tmp_path):
    path = write(tmp_path, ROWS)
    bring(path)
    assert counts(bring(path)) == (4, 0, 0, 4)
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1
    assert counts(bring(path, "endline")) == (4, 4, 0, 0)
    assert of_wave("baseline", "p1").pairing == of_wave("endline", "p1").pairing


def of_wave(wave: str, respondent: str) -> Response:
    return next(row for row in stored(wave) if row.respondent == respondent)


def test_several_choices_are_kept_in_the_order_in_which_they_are_offered(study, tmp_path):
    bring(write(tmp_path, "respondent,met,where\np1,YES,other; Work ;other\n"))
    assert of("p1").answers == {"met": "yes", "where": ["work", "other"]}


def test_a_respondent_brought_again_is_changed_where_the_file_has_a_column(study, tmp_path):
    bring(write(tmp_path, ROWS))
    checked = bring(write(tmp_path, "respondent,q1,q2\np1,2,\np3,1,1\n", "second.csv"))
    assert counts(checked) == (2, 1, 1, 0)
    again = of("p1")
    assert (again.answers["q1"], "q2" in again.answers, again.answers["q3"]) == (2, False, 1)
    assert (again.language, again.weight_micros, again.groups) == ("lt", 850_000, {"country": "LT"})
    assert len(again.pairing) == 3


def test_undo_takes_back_what_was_made_and_gives_back_what_was_changed(study, tmp_path):
    bring(write(tmp_path, ROWS))
    first = last_import()
    before = {row.id: (row.answers, row.groups, row.import_id) for row in stored()}
    bring(write(tmp_path, "respondent,q1,country\np1,2,PL\np3,1,\n", "second.csv"))
    with pytest.raises(Conflict) as refusal:
        undo(first, now=NOW)
    assert refusal.value.problem.code == "import-rows-taken-over"
    undo(last_import(), now=NOW)
    assert {row.id: (row.answers, row.groups, row.import_id) for row in stored()} == before
    assert db.session.scalar(select(func.count()).select_from(ImportedChange)) == 0
    undo(first, now=NOW)
    assert stored() == []


@pytest.mark.parametrize(
    ("cell", "column", "code"),
    [
        ("6", "q1", "answer-off-scale"),
        ("0", "q1", "answer-off-scale"),
        ("2.5", "q1", "answer-off-scale"),
        ("maybe", "met", "response-not-offered"),
        ("work;prison", "where", "response-not-offered"),
        ("100", "years", "answer-too-large"),
        ("ten", "years", "answer-not-number"),
        ("1,000", "years", "cell-ambiguous-number"),
        ("DE", "country", "group-level-unknown"),
        ("de", "language", "cell-choice"),
        ("0", "weight", "weight-unreadable"),
        ("-1", "weight", "weight-unreadable"),
        ("nan", "weight", "weight-unreadable"),
        ("1001", "weight", "weight-unreadable"),
        ("somebody@example.org", "respondent", "respondent-unreadable"),
        ("Some Body", "respondent", "respondent-unreadable"),
        ("x" * 2001, "why", "cell-too-long"),
        ("y" * 41, "c1", "cell-too-long"),
        ("Maria", "c1", "code-not-letter"),
        ("45", "c3", "code-not-number"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_row_and_column_and_nothing_is_stored(
    study, tmp_path, cell, column, code
):
    columns = ["q2", "met", *([column] if column not in ("q2", "met") else [])]
    wrong = ["5" if name == "q2" else cell if name == column else "yes" for name in columns]
    right = ["5" if name == "q2" else "yes" if name == "met" else "" for name in columns]
    text = "\n".join(",".join(f'"{each}"' for each in row) for row in (columns, right, wrong)) + "\n"
    assert found(bring(write(tmp_path, text))) == [(3, column, code)]
    assert stored() == []


def test_a_choice_that_is_not_offered_is_told_with_those_that_are(study, tmp_path):
    said = bring(write(tmp_path, "met,where\nmaybe,\nyes,prison\n")).plan.problems
    assert [sentence(each.problem).partition("Use one of: ")[2] for each in said] == [
        "yes, no, dk, refused.",
        "work, family, other, dk, refused.",
    ]


def test_an_answer_to_a_hidden_item_is_refused_also_where_another_file_hides_it(study, tmp_path):
    checked = bring(write(tmp_path, "respondent,met,where\np1,no,work\np2,yes,work\np3,,work\n"))
    assert found(checked) == [(2, "where", "answer-hidden"), (4, "where", "answer-hidden")]
    bring(write(tmp_path, "respondent,met,where\np1,yes,work\n"))
    assert found(bring(write(tmp_path, "respondent,met,q1\np1,no,1\n", "b.csv"))) == [(2, "where", "answer-hidden")]


def test_unknown_columns_and_a_respondent_stated_twice_are_named(study, tmp_path):
    assert found(bring(write(tmp_path, "q1,q9,ip\n1,2,3\n"))) == [
        (1, "q9", "column-unknown"),
        (1, "ip", "column-unknown"),
    ]
    twice = bring(write(tmp_path, "respondent,q1\np1,1\np1,1\n"))
    assert found(twice) == [(3, "respondent", "import-row-twice")]
    assert found(bring(write(tmp_path, "respondent,language\np1,lt\n"))) == [(0, "", "response-no-items")]


def test_an_unknown_column_is_named_with_all_else_that_is_wrong(study, tmp_path):
    checked = bring(write(tmp_path, "q1,q9,q2\n9,x,1\n1,x,0\n"))
    assert found(checked) == [
        (1, "q9", "column-unknown"),
        (2, "q1", "answer-off-scale"),
        (3, "q2", "answer-off-scale"),
    ]
    assert found(bring(write(tmp_path, "q9,q1\nx,1\n"))) == [(1, "q9", "column-unknown")]
    assert stored() == []


def test_a_very_long_text_is_named_by_row_and_column_with_the_limit(study, tmp_path):
    [problem] = bring(write(tmp_path, f"q1,why\n4,{'x' * 500_000}\n")).plan.problems
    assert (problem.row, problem.column, problem.problem.code) == (2, "why", "cell-too-long")
    assert problem.problem.values["most"] == 2_000


def test_all_that_is_wrong_is_named_at_once(study, tmp_path):
    checked = bring(write(tmp_path, "respondent,q1,q2,country\na@b,9,1,XX\np2,5,0,LT\n"))
    assert found(checked) == [
        (2, "respondent", "respondent-unreadable"),
        (2, "q1", "answer-off-scale"),
        (2, "country", "group-level-unknown"),
        (3, "q2", "answer-off-scale"),
    ]


def test_closed_waves_take_files_and_surveys_that_are_not_published_do_not(study, tmp_path):
    with transaction() as session:
        session.get_one(Wave, wave_of(study)).by_hand = "closed"
    path = write(tmp_path, "q1\n4\n")
    assert counts(bring(path)) == (1, 1, 0, 0)
    make_study(key="draft", is_published=False)
    assert found(bring(path, study="draft")) == [(0, "", "import-option-choice")]
    assert found(bring(path, "middle")) == [(0, "", "import-option-choice")]
    make_study(key="other", waves={"once": (None, None)})
    assert found(bring(path, "baseline", "other")) == [(0, "", "response-wave-unknown")]


def test_a_closed_project_takes_no_file(study, tmp_path):
    with transaction() as session:
        session.get_one(Project, PROJECT).status = "closed"
    with pytest.raises(Conflict) as refusal:
        bring(write(tmp_path, "q1\n4\n"))
    assert refusal.value.problem.code == "project-closed"
    assert stored() == []


def test_another_file_without_respondents_is_brought_with_a_warning(study, tmp_path):
    bring(write(tmp_path, "q1\n4\n4\n"))
    checked = bring(write(tmp_path, "q1\n4\n4\n\n", "saved-anew.csv"))
    assert counts(checked) == (2, 2, 0, 0)
    assert [(each.problem.code, each.is_warning) for each in checked.plan.problems] == [("response-other-file", True)]


def test_the_same_file_in_another_wave_is_brought_with_a_warning_until_the_first_is_undone(study, tmp_path):
    path = write(tmp_path, "respondent,q1\np1,4\n")
    assert found(bring(path)) == []
    first = last_import()
    tried = bring(path, "endline", only_try=True)
    warning, early = tried.plan.problems
    assert (warning.row, warning.problem.code, warning.is_warning) == (0, "response-other-wave", True)
    assert (early.row, early.problem.code, early.is_warning) == (0, "response-wave-planned", True)
    assert "the wave “baseline” of this survey" in sentence(warning.problem)
    assert (counts(tried), stored("endline")) == ((1, 1, 0, 0), [])
    other = bring(write(tmp_path, "respondent,q1\np1,5\n", "another.csv"), "endline", only_try=True)
    assert found(other) == [(0, "", "response-wave-planned")]
    make_study(key="other")
    assert found(bring(path, study="other", only_try=True)) == []
    assert counts(bring(path, "endline")) == (1, 1, 0, 0)
    # What brings nothing new is no second bringing.
    assert found(bring(path, "endline")) == []
    undo(last_import(), now=NOW)
    undo(first, now=NOW)
    assert found(bring(path, "endline")) == [(0, "", "response-wave-planned")]


def test_nothing_of_single_answers_is_kept_beside_them(study, tmp_path):
    bring(write(tmp_path, ROWS))
    entries = [json.dumps([row.action, row.subject, row.changes]) for row in db.session.scalars(select(AuditEntry))]
    assert any("import_stored" in entry for entry in entries)
    assert not any(word in entry for entry in entries for word in ("p1", "ąžuolas", "q1"))
    assert all(len(row.id) == 32 and row.import_id for row in stored())


def test_equal_weights_are_kept_to_the_millionth(study, tmp_path):
    bring(write(tmp_path, "respondent,weight,q1\np1,0.84739201835,1\np2,1000,1\np3,2,1\n"))
    assert [of(name).weight_micros for name in ("p1", "p2", "p3")] == [847_392, 1_000_000_000, 2_000_000]

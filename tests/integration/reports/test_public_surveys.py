"""What everyone may read of surveys: waves that are over, of enough people, without numbers of a few."""

import re
from datetime import date

import pytest

from portal.accounts.rules import Role
from portal.core.db import db, transaction
from portal.imports.models import Import
from portal.projects.models import Indicator, Project
from portal.surveys.models import Instrument, Response, Study, Wave
from portal.surveys.queries.analyses import find_analysis
from portal.surveys.rules.documents import content_hash, to_content
from portal.surveys.services.analysing import analyse
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_table, read_tables
from tests.integration.surveys.studies import INSTRUMENT, answer, choice, make_study, words
from tests.make import PROJECT, make_project, sign_in_as

PAGE = f"/public/{PROJECT}/surveys/trust"
OVER = {"baseline": (date(2026, 3, 1), date(2026, 3, 31)), "endline": (date(2026, 11, 1), date(2026, 12, 31))}
LT, PL = {"country": "LT"}, {"country": "PL"}


def read_counts(page, caption):
    """The table's cells without the shares beside the numbers."""
    return [[re.sub(r" \d+ %$", "", cell) for cell in row] for row in read_table(page, caption)]


@pytest.fixture
def study(app):
    with app.app_context():
        make_project()
        return make_study(waves=OVER)


def give(app, study, number, answers, *, wave="baseline", **facts):
    with app.app_context():
        answer(study, wave, [answers] * number, **facts)


def look(app, client, study):
    """The page once the survey is analysed."""
    with app.app_context():
        analyse(study, now=NOW)
    return client.get(PAGE)


def take_back(app, number):
    with app.app_context(), transaction() as session:
        for row in session.query(Response).limit(number):
            session.delete(row)


def test_answers_of_a_wave_that_is_over_are_told_by_country(app, client, study):
    give(app, study, 30, {"q1": 5}, groups=LT)
    give(app, study, 25, {"q1": 1}, groups=PL)
    answered = look(app, client, study)
    assert links_of(client.get(f"/public/{PROJECT}"))["Trust (en)"] == PAGE
    assert "55 people answered. As of " in page_text(answered)
    head, *rows = read_counts(answered, "People deserve a second chance.")
    assert head == ["What was answered", "Everyone", "LT (en)", "PL (en)"]
    assert rows == [["1", "25", "0", "25"], *([str(step), "0", "0", "0"] for step in (2, 3, 4)), ["5", "30", "30", "0"]]


def test_each_number_stands_with_its_share_of_those_who_were_asked(app, client, study):
    give(app, study, 20, {"met": "yes", "where": ["work"]})
    give(app, study, 20, {"met": "yes", "where": ["work", "family"]})
    give(app, study, 40, {"met": "no"})
    rows = {row[0]: row[1] for row in read_table(look(app, client, study), "Where?")}
    # 40 of 80 were asked where, and half of these named their family.
    assert (rows["work (en)"], rows["family (en)"]) == ("40 100 %", "20 50 %")
    assert rows["Not asked, because of an earlier answer"] == "40"
    assert dict(read_table(client.get(PAGE), "Have you met"))["yes (en)"] == "40 50 %"


def test_small_numbers_are_withheld_and_with_them_what_would_give_them_away(app, client, study):
    give(app, study, 20, {"q1": 1})
    give(app, study, 30, {"q1": 2})
    give(app, study, 3, {"q1": 5})
    rows = {row[0]: row[1] for row in read_counts(look(app, client, study), "People deserve")[1:]}
    # 3 would follow from 53 people, 20 and 30: the smaller of these goes with it.
    assert rows == {"1": "Withheld", "2": "30", "3": "0", "4": "0", "5": "Withheld"}


def test_a_country_of_a_few_has_no_column_and_can_not_be_worked_out(app, client, study):
    give(app, study, 30, {"q1": 5}, groups=LT)
    give(app, study, 9, {"q1": 1}, groups=PL)
    for _caption, rows in read_tables(look(app, client, study)):
        assert rows[0] == ["What was answered", "Everyone"]
        assert "9" not in [cell for row in rows[1:] for cell in row[1:]]
    assert "than 10 people could be worked out: LT (en), PL (en)" in page_text(client.get(PAGE))


def test_of_several_choices_each_is_told_where_neither_side_is_small(app, client, study):
    give(app, study, 20, {"met": "yes", "where": ["work", "family"]})
    give(app, study, 15, {"met": "yes", "where": ["work"]})
    give(app, study, 4, {"met": "yes", "where": ["other"]})
    give(app, study, 12, {"met": "no"})
    rows = {row[0]: row[1] for row in read_counts(look(app, client, study), "Where?")[1:]}
    assert rows["family (en)"] == "20"
    # 4 of the 39 did not choose work, so 35 is withheld too.
    assert (rows["work (en)"], rows["other (en)"]) == ("Withheld", "Withheld")


def test_who_skipped_a_question_cannot_be_worked_out_from_another(app, client, study):
    give(app, study, 40, {"met": "yes", "where": ["work"]})
    give(app, study, 5, {"met": "yes"})
    give(app, study, 20, {"met": "no"})
    answered = look(app, client, study)
    rows = {row[0]: row[1] for row in read_counts(answered, "Where?")[1:]}
    # 45 had met somebody, as the question before tells: 40 would leave the 5 who did not say where.
    assert {row[0]: row[1] for row in read_counts(answered, "Have you met")[1:]} == {"yes (en)": "45", "no (en)": "20"}
    assert rows["work (en)"] == "Withheld"


def test_a_question_that_tells_what_is_withheld_of_the_one_before_is_not_shown(app, client, study):
    give(app, study, 40, {"met": "no"})
    give(app, study, 1, {"q1": 1})
    give(app, study, 20, {"met": "yes", "where": ["work"]})
    # 41 were not asked, of whom 40 said no.
    assert "than 10 people could be worked out: “Where? (en)”" in page_text(look(app, client, study))
    assert not any(caption.startswith("Where?") for caption, _rows in read_tables(client.get(PAGE)))


def test_open_answers_and_numbers_are_told_of_nobody(app, client, study):
    give(app, study, 12, {"years": "7", "why": "Secret words"})
    answered = look(app, client, study)
    assert "Secret words" not in answered.text
    assert not any(caption.startswith(("How many years?", "Why?")) for caption, _rows in read_tables(answered))


@pytest.mark.parametrize(("number", "wave"), [(9, "baseline"), (0, "baseline"), (30, "endline")])
def test_of_too_few_or_of_an_open_wave_nothing_is_told(app, client, study, number, wave):
    give(app, study, number, {"q1": 5}, wave=wave)
    assert look(app, client, study).status_code == 404
    assert PAGE not in links_of(client.get(f"/public/{PROJECT}")).values()


def test_an_open_wave_is_not_told_beside_one_that_is_over(app, client, study):
    give(app, study, 12, {"q1": 5})
    give(app, study, 30, {"q1": 1}, wave="endline")
    page = page_text(look(app, client, study))
    assert "12 people answered." in page
    assert "Endline" not in page


def test_nothing_is_told_before_the_survey_is_analysed(app, client, study):
    give(app, study, 12, {"q1": 5})
    assert client.get(PAGE).status_code == 404
    assert PAGE not in links_of(client.get(f"/public/{PROJECT}")).values()


def test_what_is_told_stays_until_at_least_ten_answers_have_changed(app, client, study):
    give(app, study, 12, {"q1": 5})
    before = look(app, client, study).text
    give(app, study, 9, {"q1": 4}, source="paper")
    assert look(app, client, study).text == before
    give(app, study, 1, {"q1": 4}, source="paper")
    # Ten are new, and still nobody has analysed them.
    assert client.get(PAGE).text == before
    answered = look(app, client, study)
    assert "22 people answered." in page_text(answered)
    assert read_counts(answered, "People deserve")[-2:] == [["4", "10"], ["5", "12"]]
    take_back(app, 9)
    assert look(app, client, study).text == answered.text
    # Of those who are left nothing is told.
    take_back(app, 4)
    assert look(app, client, study).status_code == 404


def test_the_outcome_is_told_of_the_answers_that_the_survey_is_told_of(app, client, study):
    measure = {"kind": "survey", "study": "trust", "wave": "baseline", "statistic": "mean", "item": "q1"}
    with app.app_context(), transaction() as session:
        names = {"en": "Trusting", "lt": "t", "pl": "t"}
        facts = {"position": 90, "name": names, "target": 500, "measure": measure, "note": {}}
        session.add(Indicator(project_code=PROJECT, key="trusting", **facts))
    close(app, study, by_hand="open")
    give(app, study, 20, {"q1": 4})
    look(app, client, study)
    # The wave is open.
    assert told_of(client) == (None, None)
    close(app, study)
    assert told_of(client) == (None, None)
    look(app, client, study)
    assert told_of(client) == ("4.00", "80.00")
    # One form is late: members see (20 · 4 + 1) / 21, everyone what they saw.
    give(app, study, 1, {"q1": 1}, source="paper")
    look(app, client, study)
    assert sign_in_as(app, Role.VIEWER).get(f"/projects/{PROJECT}/outcomes/trusting").text.count("3.86")
    assert told_of(client) == ("4.00", "80.00")
    assert "3.86" not in client.get(f"/public/{PROJECT}").text
    give(app, study, 9, {"q1": 1}, source="paper")
    look(app, client, study)
    assert told_of(client) == ("3.00", "60.00")
    take_back(app, 21)
    assert told_of(client) == (None, None)


def close(app, study, by_hand="closed"):
    """Close the first wave, and the second for good, or decide otherwise of the first."""
    with app.app_context(), transaction() as session:
        waves = session.get_one(Study, study).waves
        waves[0].by_hand, waves[1].by_hand = by_hand, "closed"


def told_of(client):
    """What everyone is told of the row of the survey: what was achieved, and the share."""
    rows = {row["key"]: row for row in client.get(f"/public/{PROJECT}/outcomes.json").json["rows"]}
    return rows["trusting"]["achieved"], rows["trusting"]["percent"]


def test_tables_that_are_kept_no_longer_are_still_told(app, client, study, monkeypatch):
    give(app, study, 12, {"q1": 5})
    monkeypatch.setattr("portal.reports.queries.public_surveys.WAVES_KEPT", 0)
    assert look(app, client, study).status_code == 200


def test_answers_that_a_file_replaced_are_told_once_they_are_ten(app, client, study):
    give(app, study, 30, {"q1": 5})
    look(app, client, study)
    for number, rows in ((9, ["5", "30"]), (10, ["5", "20"])):
        replace(app, number)
        assert read_counts(look(app, client, study), "People deserve")[-1] == rows


def replace(app, number):
    """Let a file have brought other answers of so many people, and no more."""
    with app.app_context(), transaction() as session:
        facts = {"project_code": PROJECT, "kind": "responses", "filename": "answers.csv", "content_sha256": "0" * 64}
        brought = Import(**facts, state="stored", updated=number, added_at=NOW)
        session.add(brought)
        session.flush()
        rows = session.query(Response).order_by(Response.id).all()
        for place, row in enumerate(rows):
            row.import_id, row.answers = (brought.id, {"q1": 4}) if place < number else (None, {"q1": 5})


def test_a_wave_that_ends_after_the_analysis_is_told_after_the_next(app, client, study):
    give(app, study, 30, {"q1": 5}, wave="endline")
    assert look(app, client, study).status_code == 404
    with app.app_context(), transaction() as session:
        session.get_one(Study, study).waves[1].by_hand = "closed"
    assert client.get(PAGE).status_code == 404
    assert read_counts(look(app, client, study), "People deserve")[-1] == ["5", "30"]
    with app.app_context(), transaction() as session:
        session.get_one(Study, study).waves[1].by_hand = "open"
    assert client.get(PAGE).status_code == 404


def test_a_project_in_preparation_tells_nothing(app, client, study):
    give(app, study, 12, {"q1": 5})
    with app.app_context(), transaction():
        db.session.query(Project).update({"status": "preparation"})
    assert look(app, client, study).status_code == 404
    assert client.get(f"/public/{PROJECT}/surveys/other").status_code == 404


def test_answers_to_another_wave_count_nothing_anew(app, client, study, monkeypatch):
    give(app, study, 12, {"q1": 5})
    assert look(app, client, study).status_code == 200
    monkeypatch.setattr("portal.surveys.queries.standing.count_answers", pytest.fail)
    give(app, study, 30, {"q1": 1}, wave="endline")
    assert read_counts(look(app, client, study), "People deserve")[-1] == ["5", "12"]


def test_of_a_closed_project_everything_is_told_once_it_is_analysed_again(app, client, study):
    give(app, study, 12, {"q1": 5})
    give(app, study, 30, {"q1": 1}, wave="endline")
    look(app, client, study)
    with app.app_context(), transaction():
        db.session.query(Project).update({"status": "closed"})
    assert "Endline" not in page_text(client.get(PAGE))
    page = page_text(look(app, client, study))
    assert "12 people answered." in page
    assert "30 people answered." in page


def test_a_wave_that_takes_the_key_of_one_that_is_gone_is_told_by_its_own_answers(app, client, study):
    give(app, study, 12, {"q1": 5})
    look(app, client, study)
    with app.app_context():
        with transaction() as session:
            session.query(Response).delete()
            gone = session.get_one(Study, study).waves[0]
            facts = {"key": gone.key, "position": gone.position, "instrument_id": gone.instrument_id}
            opens_on, last_day = OVER["baseline"]
            session.delete(gone)
            session.flush()
            session.add(Wave(study_id=study, token="another", opens_on=opens_on, last_day=last_day, **facts))
        answer(study, "baseline", [{"q1": 4}] * 11)
        kept = find_analysis(study)
        assert kept is not None
        assert kept.result["waves"][0] == {"key": "baseline", "suppressed": True}
    assert client.get(PAGE).status_code == 404
    assert read_counts(look(app, client, study), "People deserve")[-2:] == [["4", "11"], ["5", "0"]]


def test_each_wave_is_told_in_the_words_of_its_own_version(app, client, study):
    group = INSTRUMENT.groups[0]._replace(key="age", levels=(choice("young"), choice("old")))
    first = INSTRUMENT.items[0]._replace(text=words("Asked anew."))
    later = INSTRUMENT._replace(groups=(group,), items=(first, *INSTRUMENT.items[1:]))
    with app.app_context(), transaction() as session:
        row = Instrument(study_id=study, number=2, content=to_content(later), content_hash=content_hash(later))
        row.mapping, row.published_at, row.created_at, row.updated_at = {}, NOW, NOW, NOW
        session.add(row)
        waves = session.get_one(Study, study).waves
        waves[1].instrument, waves[1].by_hand = row, "closed"
    for level in (LT, PL):
        give(app, study, 20, {"q1": 5}, groups=level)
    for level in ("young", "old"):
        give(app, study, 20, {"q1": 5}, wave="endline", groups={"age": level})
    page = look(app, client, study)
    assert read_table(page, "People deserve")[0][2:] == ["LT (en)", "PL (en)"]
    assert read_table(page, "Asked anew.")[0][2:] == ["young (en)", "old (en)"]

"""What everyone may read of surveys: numbers and shares of answers, without those of a few."""

import re

from portal.core.db import db, transaction
from portal.projects.models import Project
from portal.surveys.models import Instrument, Study
from portal.surveys.rules.documents import content_hash, to_content
from tests.conftest import NOW
from tests.integration.pages import links_of, page_text, read_table, read_tables
from tests.integration.reports.told import PAGE, give, look, read_counts
from tests.integration.surveys.studies import INSTRUMENT, choice, words
from tests.make import PROJECT

LT, PL = {"country": "LT"}, {"country": "PL"}


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
    assert (rows["work (en)"], rows["family (en)"]) == ("40 (100 %)", "20 (50 %)")
    assert rows["Not asked, because of an earlier answer"] == "40"
    assert dict(read_table(client.get(PAGE), "Have you met"))["yes (en)"] == "40 (50 %)"
    assert "A share in brackets is of all who were asked the question, whether" in page_text(client.get(PAGE))


def test_a_share_is_of_those_of_the_level_and_nothing_withheld_has_one(app, client, study):
    give(app, study, 20, {"met": "yes", "where": ["work"]}, groups=LT)
    give(app, study, 20, {"met": "no"}, groups=LT)
    give(app, study, 60, {"met": "no"}, groups=PL)
    give(app, study, 20, {"q1": 5}, groups=PL)
    head, *rows = read_table(look(app, client, study), "Have you met")
    assert head[1:] == ["Everyone", "LT (en)", "PL (en)"]
    assert rows == [
        ["yes (en)", "20 (17 %)", "20 (50 %)", "0 (0 %)"],
        ["no (en)", "80 (67 %)", "20 (50 %)", "60 (75 %)"],
        ["No answer", "20 (17 %)", "0 (0 %)", "20 (25 %)"],
    ]
    # Three more said yes, in Poland: neither they nor what would give them away stands with a share.
    give(app, study, 10, {"met": "no"}, groups=PL)
    give(app, study, 3, {"met": "yes", "where": ["work"]}, groups=PL)
    cells = [cell for _name, *rest in read_table(look(app, client, study), "Have you met")[1:] for cell in rest]
    assert {cell for cell in cells if "Withheld" in cell} == {"Withheld"}
    assert all(re.fullmatch(r"\d+ \(\d+ %\)|Withheld", cell) for cell in cells)


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
    for language, quoted in (("lt", "„Where? (lt)“"), ("pl", "„Where? (pl)”")):
        assert quoted in page_text(client.get(f"{PAGE}?lang={language}"))


def test_open_answers_and_numbers_are_told_of_nobody(app, client, study):
    give(app, study, 12, {"years": "7", "why": "Secret words"})
    answered = look(app, client, study)
    assert "Secret words" not in answered.text
    assert not any(caption.startswith(("How many years?", "Why?")) for caption, _rows in read_tables(answered))


def test_tables_that_are_kept_no_longer_are_still_told(app, client, study, monkeypatch):
    give(app, study, 12, {"q1": 5})
    monkeypatch.setattr("portal.reports.queries.public_surveys.WAVES_KEPT", 0)
    assert look(app, client, study).status_code == 200


def test_a_project_in_preparation_tells_nothing(app, client, study):
    give(app, study, 12, {"q1": 5})
    with app.app_context(), transaction():
        db.session.query(Project).update({"status": "preparation"})
    assert look(app, client, study).status_code == 404
    assert client.get(f"/public/{PROJECT}/surveys/other").status_code == 404


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

"""A file that contradicts what is kept from before is refused whole."""

import pytest

from portal.core.errors import InvalidInputs
from portal.projects.queries import list_organisations, list_periods
from portal.reports.loading import load_file
from tests.conftest import NOW
from tests.make import PROJECT, PROJECT_FILE, make_project

pytestmark = pytest.mark.usefixtures("in_app")


def load_changed(folder, text: str) -> None:
    path = folder / "changed.toml"
    path.write_text(text, encoding="utf-8")
    load_file(path, now=NOW)


def test_periods_that_would_overlap_those_kept_are_refused(tmp_path):
    make_project()
    before = list_periods(PROJECT)
    text = PROJECT_FILE.read_text(encoding="utf-8")
    whole_year = text.split("[[reporting.periods]]")[0] + "[[reporting.periods]]\nnumber = 1\n"
    rules = text[text.index("[rules]") :]
    with pytest.raises(InvalidInputs) as refusal:
        load_changed(tmp_path, f"{whole_year}start = 2026-01-01\nlast_day = 2026-12-31\n{rules}")
    assert {problem.code for problem in refusal.value.problems} == {"periods-overlap"}
    assert list_periods(PROJECT) == before


def test_a_second_lead_beside_the_one_kept_is_refused(tmp_path):
    make_project()
    text = PROJECT_FILE.read_text(encoding="utf-8")
    first, rest = text.split('[[organisations]]\nkey = "lps"')
    without_lps = first + rest[rest.index("[[organisations]]") :]
    changed = without_lps.replace('key = "lpro"\nrole = "partner"', 'key = "lpro"\nrole = "lead"')
    for total in ('total_budget = "376876.12"', 'fund_total = "301500.89"'):
        changed = changed.replace(total, "")
    with pytest.raises(InvalidInputs) as refusal:
        load_changed(tmp_path, changed)
    assert [problem.code for problem in refusal.value.problems] == ["two-leads"]
    assert [each.key for each in list_organisations(PROJECT) if each.role == "lead"] == ["lps"]

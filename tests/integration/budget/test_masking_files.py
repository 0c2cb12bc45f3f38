"""Files of expenditure beside an item of staff as none is stored any more."""

from portal.accounts.rules import Role
from portal.audit.services import Actor, acting_as
from tests.integration.budget.spending import bring, check, counts, exported, item, write_csv
from tests.make import make_item, make_project, make_user


def test_what_an_odd_item_of_staff_has_there_is_no_difference_and_goes_with_the_next_change(in_app, tmp_path):
    make_project()
    make_item("ols", "S-1", category="staff", currency="EUR", description="J. D., March")
    salary = {"internal_reference": "S-1", "category": "staff", "description": "J. D., March", "currency": "EUR"}
    salary |= {"declared_amount": "100.00", "payment_date": "2026-03-20"}
    for actor in (Role.MANAGER, Role.FINANCE):
        organisation = "ols" if actor == Role.FINANCE else ""
        with acting_as(Actor(make_user(actor, organisation, f"{actor}@example.org"), f"{actor}@example.org")):
            assert counts(check(write_csv(tmp_path / "a.csv", [salary]))) == (0, 0, 1)
            back = [{name: str(value or "") for name, value in exported()[0].items()}]
            assert counts(check(write_csv(tmp_path / "b.csv", back))) == (0, 0, 1)
    assert item("S-1").supplier
    bring(tmp_path, {**salary, "description": "J. D., April"})
    assert (item("S-1").supplier, item("S-1").invoice_date) == ("", None)

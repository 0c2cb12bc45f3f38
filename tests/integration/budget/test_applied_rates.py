"""At which rate an item's euro are taken: the register, the item's page and the command say the same."""

import pytest

from portal.budget.queries.expenditure import list_judged
from portal.budget.queries.item_page import read_item
from portal.budget.queries.items import get_item
from portal.budget.queries.preview import applied_rate
from portal.budget.queries.register import all_rows
from portal.budget.queries.register_filters import Owner, Sight
from portal.budget.rules.facts import LatestRate
from portal.budget.rules.rates import RateDraft
from portal.budget.rules.register import RegisterFilter
from portal.budget.services.rates import add_rate
from portal.core.money import RateMicros
from portal.projects.queries import get_organisation
from tests.conftest import NOW
from tests.make import PROJECT, make_item, make_project

JULY = LatestRate("2026-07", RateMicros(4_256_300))


@pytest.mark.parametrize(
    ("currency", "frozen", "at", "expected"),
    [
        ("PLN", 23_49, (4_000_000, "2026-05"), (4_000_000, "2026-05", True)),
        ("PLN", 23_49, (None, ""), (None, "", True)),
        ("PLN", None, (None, ""), (4_256_300, "2026-07", False)),
        # A rate without an amount in euro freezes nothing.
        ("PLN", None, (4_000_000, "2026-05"), (4_256_300, "2026-07", False)),
        ("EUR", 100_00, (1_000_000, "2026-05"), (None, "", True)),
        ("EUR", None, (None, ""), (None, "", True)),
        ("USD", None, (None, ""), (None, "", False)),
    ],
)
def test_an_item_is_frozen_by_its_amount_in_euro(currency, frozen, at, expected):
    assert applied_rate(currency, frozen, at, {"PLN": JULY}) == expected


def test_every_room_applies_the_same_rate(in_app):
    make_project()
    add_rate(PROJECT, RateDraft("PLN", *JULY), now=NOW)
    submitted = {"state": "submitted", "report_number": 1, "eur_cents": 25_00}
    ids = [
        make_item("ols", "O-1", rate_micros=4_000_000, rate_month="2026-05", **submitted),
        make_item("ols", "O-2", **submitted),
        make_item("ols", "O-3"),
        make_item("ols", "O-4", currency="EUR", **submitted),
    ]
    expected = {"O-1": (4_000_000, "2026-05"), "O-2": (None, ""), "O-3": (4_256_300, "2026-07"), "O-4": (None, "")}
    today = NOW.date()
    ols = get_organisation(PROJECT, "ols")
    sight = Sight(PROJECT, [Owner(ols.id, ols.key, ols.name)], frozenset(), today, [])
    assert {row.reference: (row.rate, row.rate_month) for row in all_rows(sight, RegisterFilter())} == expected
    judged = list_judged(PROJECT, "ols", today)
    assert {each.facts.reference: (each.rate.rate, each.rate.month) for each in judged} == expected
    for item_id in ids:
        row = get_item(PROJECT, item_id)
        euro = read_item(row, zone="Europe/Vilnius", today=today, reader=0).euro
        month = "" if euro.month is None else f"{euro.month:%Y-%m}"
        assert (euro.rate, month) == expected[row.internal_reference]

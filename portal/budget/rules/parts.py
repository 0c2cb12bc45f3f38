"""Whose matter a project's money is."""

from collections.abc import Collection, Iterable

from portal.accounts.rules import Holding


def has_part_in_money(holdings: Iterable[Holding], partners: Collection[str]) -> bool:
    """Whether the budget concerns someone with these roles; `partners` are the keys of those who have a budget.

    It does not where every role is held for an associated partner, which takes part without a budget.
    Source: interfaces, "Who may do what": an associated partner's people see no empty money pages.
    """
    return any(not each.organisation or each.organisation in partners for each in holdings)

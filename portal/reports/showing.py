"""Which pages of reports are there for whom, beyond what a permission says."""

from portal.accounts.guard import holdings
from portal.budget.rules.parts import has_part_in_money
from portal.projects.models import Project


def budget_concerns(project: Project) -> bool:
    """Whether the project's money is a matter of the person at hand, so that its pages are there for them."""
    partners = [each.key for each in project.organisations if each.budget_cents is not None]
    return has_part_in_money(holdings(), partners)

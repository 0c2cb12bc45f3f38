"""Reading projects."""

from portal.projects.queries.facts import (
    find_project,
    get_measure,
    get_project,
    list_countries,
    list_organisations,
    list_periods,
    list_projects,
    list_work_packages,
    organisation_name,
)

__all__ = [
    "find_project",
    "get_measure",
    "get_project",
    "list_countries",
    "list_organisations",
    "list_periods",
    "list_projects",
    "list_work_packages",
    "organisation_name",
]

"""Reading projects."""

from portal.projects.queries.facts import (
    find_project,
    get_measure,
    get_project,
    get_published_project,
    list_countries,
    list_organisations,
    list_periods,
    list_projects,
    list_published_projects,
    list_work_packages,
    organisation_name,
)
from portal.projects.queries.figures import (
    get_figure,
    get_figure_file,
    get_indicator,
    list_figure_uses,
    list_figures,
    list_figures_of,
    read_figure,
)
from portal.projects.queries.organisations import (
    find_organisation,
    get_contact,
    get_organisation,
    list_new_contacts,
    list_responsibilities,
)

__all__ = [
    "find_organisation",
    "find_project",
    "get_contact",
    "get_figure",
    "get_figure_file",
    "get_indicator",
    "get_measure",
    "get_organisation",
    "get_project",
    "get_published_project",
    "list_countries",
    "list_figure_uses",
    "list_figures",
    "list_figures_of",
    "list_new_contacts",
    "list_organisations",
    "list_periods",
    "list_projects",
    "list_published_projects",
    "list_responsibilities",
    "list_work_packages",
    "organisation_name",
    "read_figure",
]

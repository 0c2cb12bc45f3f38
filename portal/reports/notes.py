"""What is said under an outcome table, on pages and in files."""

from flask_babel import gettext as _

from portal.core.web.formats import show_date
from portal.core.web.language import text_in
from portal.reports.queries.outcomes import OutcomeTable


def outcome_notes(table: OutcomeTable) -> list[str]:
    """What was counted, as of when, by which rules and under which assumptions, in the language of the moment."""
    project = table.project
    said = [
        _("Counted from the facts of events up to and including %(day)s.", day=show_date(table.as_of)),
        _(
            "An event counts when it is marked as held, lies within the project's days (%(first)s to %(last)s) and "
            "passes the row's filters. Of the people, only those who attended count. Internal meetings add neither "
            "events nor people.",
            first=show_date(project.first_day),
            last=show_date(project.last_day),
        ),
        _(
            "A dash or an empty cell means not reported: nothing that could count has been held. "
            "0 means nothing counted."
        ),
    ]
    if table.example_data:
        said.append(_("Example data: invented events are among what was counted."))
    if "measures" in project.assumed:
        said.append(
            _("Assumed: how each row is counted is the project team's reading; the programme has not confirmed it.")
        )
    if "codes" in project.assumed:
        said.append(_("Assumed: the indicator codes are the project team's reading."))
    rows = [row.indicator for row in table.rows if row.indicator.note]
    return said + [f"{text_in(indicator.name)}: {text_in(indicator.note)}" for indicator in rows]

"""What is said under an outcome table, on pages and in files."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.activities.queries import list_excluded
from portal.activities.rules.standing import counts_events
from portal.core.web.formats import show_date
from portal.core.web.language import text_in
from portal.projects.models import Project
from portal.projects.wording import tell_measure
from portal.reports.queries.outcomes import OutcomeTable
from portal.reports.survey_words import survey_notes


def outcome_notes(table: OutcomeTable, *, public: bool = False) -> list[str]:
    """What was counted, as of when, by which rules and under which assumptions, in the language of the moment.

    A `public` reader is not pointed to lists that only members see.
    """
    rows = [row.indicator for row in table.rows if row.indicator.note]
    return [
        *_rules(table),
        *_readings(table),
        *survey_notes(table, public=public),
        *(() if public else _decisions(table)),
        *_assumptions(table),
        *(f"{text_in(indicator.name)}: {text_in(indicator.note)}" for indicator in rows),
    ]


def evidence_note() -> str:
    """What the column of the evidenced part says."""
    said = _(
        "Evidenced is the part that files prove: the attendance evidence of the events, or the file of a figure "
        "entered by hand."
    )
    return str(said)


def tell_counting(table: OutcomeTable) -> dict[str, str]:
    """Key of a row -> how it is counted, in words."""
    names = {row.indicator.key: text_in(row.indicator.name) for row in table.rows}
    told = {}
    for row in table.rows:
        parts = "; ".join(names[part] for part in row.measure.of)
        sums = f"{_('The sum of these rows')}: {parts}"
        told[row.indicator.key] = sums if parts else tell_measure(row.indicator.measure)
    return told


def funding_note(project: Project, *, public: bool = False) -> list[str]:
    """Who pays for the project; nothing where it is not stated.

    A mark says where the wording is assumed; a `public` reader is not told that.
    """
    if not project.funding_statement:
        return []
    statement = text_in(project.funding_statement)
    is_marked = "funding_statement" in project.assumed and not public
    return [f"{statement} ({_('wording assumed')})" if is_marked else statement]


def _rules(table: OutcomeTable) -> Iterator[str]:
    project = table.project
    yield _("Counted from the facts of events up to and including %(day)s.", day=show_date(table.as_of))
    yield _(
        "An event counts when it is marked as held, lies within the project's days (%(first)s to %(last)s) and "
        "passes the row's filters. Of the people, only those who attended count. Internal meetings add neither "
        "events nor people.",
        first=show_date(project.first_day),
        last=show_date(project.last_day),
    )
    yield _(
        "A dash or an empty cell means not reported: nothing that could count has been held. 0 means nothing counted."
    )


def _readings(table: OutcomeTable) -> Iterator[str]:
    """How the kinds of rows that the table has are to be read."""
    kinds = {row.measure.kind for row in table.rows}
    if "persons" in kinds:
        yield _(
            "In rows of persons each known participant counts once. People without a name may be counted again, so "
            "such a figure is “at most”."
        )
    if "manual" in kinds:
        yield _("Entered by hand: such a row is not counted from events; each of its figures has a day and a reason.")


def _decisions(table: OutcomeTable) -> Iterator[str]:
    # A row that got another measure lacks none of the events that were excluded from it before.
    rows = {row.indicator.key for row in table.rows if counts_events(row.measure)}
    excluded = {each.event_id for each in list_excluded(table.project.code, table.as_of) if each.indicator in rows}
    if excluded:
        yield ngettext(
            "%(num)s event is excluded from rows by the manager; the reasons are listed with the figures.",
            "%(num)s events are excluded from rows by the manager; the reasons are listed with the figures.",
            len(excluded),
        )


def _assumptions(table: OutcomeTable) -> Iterator[str]:
    if table.example_data:
        yield _("Example data: invented events are among what was counted.")
    if "measures" in table.project.assumed:
        yield _("Assumed: how each row is counted is the project team's reading; the programme has not confirmed it.")
    if "codes" in table.project.assumed:
        yield _("Assumed: the indicator codes are the project team's reading.")

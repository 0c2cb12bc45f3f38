"""How an event stands towards a row of the outcome table, in words for files."""

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.activities.labels import OBSTACLES
from portal.activities.models import Event
from portal.activities.queries import Standing
from portal.core.web.formats import show_country, show_date, show_list, show_number
from portal.core.web.language import text_in
from portal.projects.labels import EVENT_KINDS


def tell_count(standing: Standing) -> str:
    """What the event adds to the row."""
    if standing.will_count:
        return str(_("Will count"))
    if standing.obstacles:
        return str(_("Does not count"))
    return str(_("Counts %(number)s", number=show_number(standing.counts)))


def tell_why(standing: Standing, event: Event) -> str:
    """Why the event counts towards the row or does not, whom it leaves out, and what was decided about it."""
    said = []
    if standing.will_count:
        said.append(_("Counts towards this row once it is marked as held."))
    elif standing.obstacles:
        said.append("; ".join(str(OBSTACLES[code]) for code in standing.obstacles) + ".")
    if standing.reasons:
        said.append(f"{_('Because:')} {'; '.join(_reason(code, event) for code in standing.reasons)}.")
    said += _left_out(standing)
    if standing.sums and not standing.obstacles:
        names = "; ".join(text_in(row.name) for row in standing.sums)
        said.append(f"{_('And so it counts towards:')} {names}.")
    if standing.exclusion:
        said.append(f"{_('Reason')}: {standing.exclusion}")
    return " ".join(said)


def _reason(code: str, event: Event) -> str:
    countries = show_list([show_country(country) for country in event.organiser_countries])
    words = {
        "held": lambda: _("held on %(day)s", day=show_date(event.counting_date)),
        "kind": lambda: _("kind of event: %(kind)s", kind=EVENT_KINDS[event.kind]),
        "joint": lambda: _("joint, with organisers from: %(countries)s", countries=countries),
        "not-joint": lambda: _("not joint, with organisers from: %(countries)s", countries=countries),
        "public": lambda: _("public event"),
        "not-public": lambda: _("closed event"),
        "work-package": lambda: _("work package %(number)s", number=event.activity.work_package.number),
    }
    return str(words[code]())


def _left_out(standing: Standing) -> list[str]:
    said, share = [], standing.share
    if share.seen_before:
        said.append(
            ngettext(
                "%(num)s person counts already through an earlier event.",
                "%(num)s people count already through earlier events.",
                share.seen_before,
            )
        )
    if share.left_out:
        said.append(
            ngettext(
                "%(num)s person of a group that this row does not count is left out.",
                "%(num)s people of groups that this row does not count are left out.",
                share.left_out,
            )
        )
    return said

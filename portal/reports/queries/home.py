"""What a project's home tells: what waits for someone, and what was changed last.

Everything is read at once: a home with many events takes as many statements as one with few.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from portal.activities.models import Event
from portal.activities.queries import count_open_questions, list_waiting
from portal.activities.queries.events import count_waiting
from portal.activities.queries.gaps import HeldEvent, list_held
from portal.activities.rules.evidence import Need
from portal.audit.queries import list_latest
from portal.core.db import db
from portal.imports.models import Import
from portal.projects.models import Activity, Deliverable, Indicator, ManualFigure, Project
from portal.projects.queries import list_figures, read_figure
from portal.reports.queries.plan import Late, list_late
from portal.reports.rules.changes import TOLD_ACTIONS, Told, tell

# How many things of one kind are named; the others are a number with a link.
FEW = 3
CHANGES = 8
# How far back the last changes are looked for: as many entries of the audit.
LOOKED_THROUGH = 400

# Where it stands when things were made whose numbers may be given out again.
MADE_AT = {"event": (Event.id, Event.created_at), "figure": (ManualFigure.id, ManualFigure.entered_at)}
# The title and the place of a thing that is no longer there.
GONE: tuple[dict[str, str], str] = ({}, "")

Thing = TypeVar("Thing")


class Few(NamedTuple, Generic[Thing]):
    """The first of several things, and how many more there are."""

    first: Sequence[Thing]
    more: int


class Someone(NamedTuple):
    """Who looks at the home: the account, and the keys of the organisations whose events they edit (None: all)."""

    account_id: int
    own: frozenset[str] | None
    edits_project: bool

    @property
    def partner(self) -> str:
        """The organisation that lists of what waits are filtered by; '' for none or several."""
        return next(iter(self.own)) if self.own is not None and len(self.own) == 1 else ""


class Waiting(NamedTuple):
    """What waits for someone who edits events: events that are over, held ones without people or without proof of
    them, how many lack other evidence, what is late, figures without a file, imports to decide on, open questions.
    """

    over: Few[Event]
    unrecorded: Few[HeldEvent]
    unproven: Few[HeldEvent]
    incomplete: int
    late: Few[Late]
    figures: Few[tuple[Indicator, ManualFigure]]
    imports: Few[int]
    questions: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        lists = (self.over, self.unrecorded, self.unproven, self.late, self.figures, self.imports)
        return not (self.incomplete or self.questions or any(each.first for each in lists))


class ChangedThing(NamedTuple):
    """A change with what the thing is called; `place` is what its address needs ('' and 0: it is no longer there)."""

    told: Told
    title: dict[str, str]
    place: str | int


def find_waiting(project: Project, someone: Someone, now: datetime) -> Waiting:
    """What waits for someone who edits events of the project."""
    code, own = project.code, someone.own
    # A closed project waits for nothing but answers to questions.
    is_open = project.status != "closed"
    held = list_held(code, own) if is_open else []
    over = list_waiting(code, own, now, FEW) if is_open else []
    today = now.astimezone(ZoneInfo(project.time_zone)).date()
    return Waiting(
        over=Few(over, count_waiting(code, own, now) - len(over) if is_open else 0),
        unrecorded=_few([each for each in held if each.need == Need.PEOPLE]),
        unproven=_few([each for each in held if each.need == Need.ATTENDANCE]),
        incomplete=sum(each.need == Need.OTHER for each in held),
        late=_few(list_late(code, own, today) if is_open else []),
        figures=_few(_bare_figures(project) if someone.edits_project and is_open else []),
        imports=_few(list(db.session.scalars(_ready_imports(code, someone))) if is_open else []),
        questions=count_open_questions(code, own),
    )


def list_changes(project: Project) -> list[ChangedThing]:
    """The last changes of things that every member of the project may read, latest first."""
    told = tell(list_latest(project.code, TOLD_ACTIONS, among=LOOKED_THROUGH), CHANGES)
    things = {
        "event": _found(told, "event", select(Event.id, Event.title, Event.id)),
        "activity": _found(told, "activity", select(Activity.id, Activity.title, Activity.number)),
        "deliverable": _found(
            told, "deliverable", select(Deliverable.id, Deliverable.title, Activity.number).join(Deliverable.activity)
        ),
        "figure": _found(told, "figure", _figures()),
    }
    made = _made_at(told)
    found = []
    for each in told:
        kind, number = each.act.subject_kind, each.act.subject_id
        there = (project.title, project.code) if kind == "project" else things.get(kind, {}).get(number)
        # A thing may have the number of one that is gone: what was done before it was made was done to that one.
        if each.act.at < made.get((kind, number), each.act.at):
            there = None
        found.append(ChangedThing(each, *(there or GONE)))
    return found


def _few(things: Sequence[Thing]) -> Few[Thing]:
    return Few(things[:FEW], max(len(things) - FEW, 0))


def _bare_figures(project: Project) -> list[tuple[Indicator, ManualFigure]]:
    """The figures entered by hand that count and that no file proves, with their indicators."""
    bare = [(key, figure) for key, figure in list_figures(project.code) if figure.sha256 is None]
    indicators = {each.key: each for each in project.indicators}
    return [(indicators[key], figure) for key, figure in bare if not read_figure(figure).why_not]


def _ready_imports(code: str, someone: Someone) -> Select[int]:
    """Imports that are checked and wait for a decision: those the account brought, all where it edits all events."""
    ready = select(Import.id).where(Import.project_code == code, Import.state == "ready").order_by(Import.id)
    return ready if someone.own is None else ready.where(Import.added_by == someone.account_id)


def _figures() -> Select[int, dict[str, str], str]:
    return select(ManualFigure.id, Indicator.name, Indicator.key).join(ManualFigure.indicator)


def _made_at(told: Iterable[Told]) -> dict[tuple[str, int], datetime]:
    """Kind and id -> when the event or the figure was made, of those that are still there."""
    numbers = {kind: [each.act.subject_id for each in told if each.act.subject_kind == kind] for kind in MADE_AT}
    return {
        (kind, number): at
        for kind, (id_, made_at) in MADE_AT.items()
        for number, at in db.session.execute(select(id_, made_at).where(id_.in_(numbers[kind])))
    }


def _found(
    told: Iterable[Told], kind: str, rows: Select[int, dict[str, str], str] | Select[int, dict[str, str], int]
) -> dict[int, tuple[dict[str, str], str | int]]:
    """Id -> title and what its address needs, of the things of this kind that are still there."""
    ids = [each.act.subject_id for each in told if each.act.subject_kind == kind]
    if not ids:
        return {}
    column = rows.selected_columns[0]
    return {row[0]: (row[1], row[2]) for row in db.session.execute(rows.where(column.in_(ids)))}

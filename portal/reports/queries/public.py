"""What everyone may read of a project's outcomes and events: no person, no event's number, no group of a few."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.activities.models import Event
from portal.activities.queries import has_examples
from portal.activities.queries.registrations import DeskStanding
from portal.activities.queries.registrations import list_standings as list_desk_standings
from portal.activities.rules.counting import NO_PERIOD, Count
from portal.activities.rules.events import EventStatus
from portal.activities.rules.standing import could_count, held_within
from portal.core.db import db
from portal.core.money import BasisPoints
from portal.core.periods import Period, begun
from portal.core.web.paging import ListPage
from portal.projects.models import Indicator, Project
from portal.projects.queries import get_published_project, list_countries
from portal.projects.rules.measures import Measure
from portal.projects.rules.targets import SURVEY, expected_number
from portal.reports.queries.outcomes import OutcomeRow, OutcomeTable, Source, count_rows, load_source, survey_share
from portal.reports.rules.disclosure import THRESHOLD, Name
from portal.reports.rules.publishing import Days, PeopleRow, published_days, read_published_day, withheld_figures
from portal.surveys.queries.measuring import SurveyFigure, public_figure
from portal.surveys.queries.surveyed import Surveys

# What stands in place of a figure that is withheld, whether it is small or would give away one that is.
FEW: Final = f"<{THRESHOLD}"
# The units of figures by hand that cannot be people; what is written in any other way may be.
NOT_PEOPLE: Final = frozenset({"events", "organisations", "hours"})
MOST_EVENTS: Final = 5

Shown = int | str
Breakdown = Mapping[str, Shown]


class PublicRow(NamedTuple):
    """A row as everyone may read it: each figure is a number, FEW, or None where nothing is reported."""

    indicator: Indicator
    measure: Measure
    achieved: Shown | None
    evidenced: Shown | None
    percent: BasisPoints | str | None
    by_period: Breakdown | None
    by_country: Breakdown | str | None
    organisations: tuple[str, ...]
    # As the public page counts the survey's answers, which may be others than were analysed last.
    survey: SurveyFigure | None = None

    @property
    def expected(self) -> int | Decimal | None:
        """What is expected; with two decimals of a survey's result and of money."""
        return expected_number(self.indicator.target, self.measure.kind)

    @property
    def share(self) -> BasisPoints | None:
        """What was achieved of what was expected, where that is shown."""
        return None if isinstance(self.percent, str) else self.percent


class PublicTable(NamedTuple):
    """The outcome table as everyone may read it; `columns` are the periods begun by then, None for no period."""

    project: Project
    as_of: date
    example_data: bool
    columns: Mapping[str, Period | None]
    rows: Sequence[PublicRow]
    surveys: Surveys

    @property
    def threshold(self) -> int:
        """From how many people on a number is shown."""
        return THRESHOLD

    @property
    def withholds(self) -> bool:
        """Whether a figure by period is withheld."""
        return any(figure == FEW for row in self.rows for figure in (row.by_period or {}).values())

    @property
    def outcomes(self) -> OutcomeTable:
        """The same rows for pages that show outcome tables; of what is behind the figures there is nothing.

        Such tables have no words for what is withheld: raise ValueError if a total is (today's never is). What is
        evidenced is not told.
        """
        rows = [
            OutcomeRow(row.indicator, row.measure, Count(_number(row.achieved)), row.share, row.survey)
            for row in self.rows
        ]
        return OutcomeTable(self.project, self.as_of, self.example_data, [], rows, self.surveys)


class PublicEvents(NamedTuple):
    """Public events: the last that were held, latest first, and the next that are planned, soonest first.

    `desks` is event id -> how registration for it stands, of those for which one can register.
    """

    held: Sequence[Event]
    planned: Sequence[Event]
    desks: Mapping[int, DeskStanding]


class ComingEvents(NamedTuple):
    """A page of the next public events, soonest first, and how registration for them stands."""

    page: ListPage[Event]
    desks: Mapping[int, DeskStanding]


class _Decided(NamedTuple):
    """What is withheld, and the day that is shown."""

    withheld: frozenset[Name]
    days: Days
    day: date
    surveys: Surveys

    def show(self, number: int | None, *name: str) -> Shown | None:
        """The number, or FEW if the figure of this name is withheld."""
        return FEW if number is not None and name in self.withheld else number


def public_table(code: str, asked: str | None, *, today: date) -> PublicTable:
    """The outcome table as everyone may read it, as of the day that is asked for (None: today).

    Raise NotFound for a project that is not published, InvalidInput unless the day is the last one of a period that
    is over. Source: rules of the domain 5.
    """
    project = get_published_project(code)
    source = load_source(project, today)
    days = published_days(source.facts.periods, today)
    day = today if asked is None else read_published_day(asked, days)
    rows = count_rows(project, source)
    withheld = withheld_figures(_rows_of_people(rows, source), days, list_countries(code))
    shown = rows if day == today else count_rows(project, _as_of(source, day))
    decided = _Decided(withheld, days, day, source.surveys)
    public = [_public_row(row, decided) for row in shown]
    columns: dict[str, Period | None] = {str(period.number): period for period in begun(days.periods, day)}
    if any(NO_PERIOD in (row.by_period or ()) for row in public):
        columns[NO_PERIOD] = None
    return PublicTable(project, day, has_examples(code), columns, public, source.surveys)


def public_events(code: str, now: datetime, most: int = MOST_EVENTS) -> PublicEvents:
    """The project's public events that everyone may know of, with their organisers loaded."""
    mine = select(Event).where(Event.project_code == code, Event.is_public).options(selectinload(Event.organisers))
    held = mine.where(Event.status == EventStatus.HELD).order_by(Event.starts_at.desc(), Event.id.desc())
    planned = db.session.scalars(_coming(code, now).options(selectinload(Event.organisers)).limit(most)).all()
    desks = list_desk_standings(code, [event.id for event in planned], now)
    return PublicEvents(db.session.scalars(held.limit(most)).all(), planned, desks)


def coming_events(code: str, now: datetime, page: int, size: int) -> ComingEvents:
    """A page of the project's next public events with their organisers; the last page if there are fewer."""
    coming = _coming(code, now)
    total = db.session.scalar(select(func.count()).select_from(coming.order_by(None).subquery())) or 0
    last = max(1, -(-total // size))
    number = min(page, last)
    cut = coming.options(selectinload(Event.organisers)).limit(size).offset((number - 1) * size)
    events = db.session.scalars(cut).all()
    desks = list_desk_standings(code, [event.id for event in events], now)
    return ComingEvents(ListPage(events, number, last, total), desks)


def _coming(code: str, now: datetime) -> Select[Event]:
    mine = select(Event).where(Event.project_code == code, Event.is_public)
    coming = mine.where(Event.status == EventStatus.PLANNED, Event.starts_at > now)
    return coming.order_by(Event.starts_at, Event.id)


def _as_of(source: Source, day: date) -> Source:
    """What was loaded, without the events after the day; figures by hand after it do not count by themselves."""
    facts = source.facts
    return source._replace(
        facts=facts._replace(as_of=day, events=[event for event in facts.events if event.counting_date <= day])
    )


def _public_row(row: OutcomeRow, decided: _Decided) -> PublicRow:
    key, count, day = row.indicator.key, row.figures, decided.day.isoformat()
    achieved = decided.show(count.achieved, key, "total", day)
    survey = _survey(row, decided) if row.measure.kind == SURVEY else None
    percent = survey_share(survey, row.indicator.target) if row.measure.kind == SURVEY else row.percent
    return PublicRow(
        row.indicator,
        row.measure,
        achieved,
        decided.show(count.evidenced, key, "evidenced", day),
        FEW if achieved == FEW else percent,
        _by_period(key, count, decided),
        _by_country(key, count, decided),
        tuple(share.key for share in count.organisations),
        survey,
    )


def _survey(row: OutcomeRow, decided: _Decided) -> SurveyFigure | None:
    measure = row.measure
    return public_figure(
        decided.surveys,
        measure.study,
        wave=measure.wave,
        scale=measure.scale,
        item=measure.item,
        statistic=measure.statistic,
        as_of=decided.day,
        today=decided.days.today,
    )


def _by_period(key: str, count: Count, decided: _Decided) -> Breakdown | None:
    if count.by_period is None:
        return None
    names = {column: (key, "period", column) for column in count.by_period}
    names[NO_PERIOD] = (key, NO_PERIOD, decided.day.isoformat())
    return {column: FEW if names[column] in decided.withheld else number for column, number in count.by_period.items()}


def _by_country(key: str, count: Count, decided: _Decided) -> Breakdown | str | None:
    """As of an earlier day all of it or none."""
    if count.by_country is None:
        return None
    if decided.day != decided.days.today:
        return FEW if (key, "countries", decided.day.isoformat()) in decided.withheld else count.by_country
    few = {name[2] for name in decided.withheld if name[:2] == (key, "country")}
    return {
        country: FEW if country in few else count.by_country[country] for country in sorted({*count.by_country, *few})
    }


def _rows_of_people(rows: Sequence[OutcomeRow], source: Source) -> list[PeopleRow]:
    """The reported rows that count people, and the sums of such."""
    reported = {row.indicator.key: row for row in rows if row.figures.achieved is not None}
    found = []
    for key, row in reported.items():
        parts = _parts(row, reported)
        if parts:
            pieces = row.figures.pieces if key in parts else ()
            found.append(PeopleRow(key, parts, pieces, _since(row, reported, source), row.figures.of_people))
    return found


def _parts(row: OutcomeRow, reported: Mapping[str, OutcomeRow]) -> Counter[str]:
    """The counted rows of people that the row is made of -> how often each enters; itself if it is one."""
    if row.measure.kind == "sum":
        return sum((_parts(reported[key], reported) for key in row.measure.of if key in reported), Counter())
    by_hand = row.measure.kind == "manual" and row.indicator.unit not in NOT_PEOPLE
    return Counter([row.indicator.key]) if row.figures.of_people or by_hand else Counter()


def _since(row: OutcomeRow, reported: Mapping[str, OutcomeRow], source: Source) -> date:
    """The first day as of which the row is reported, as it is today."""
    measure, facts = row.measure, source.facts
    if measure.kind == "sum":
        return min(_since(reported[key], reported, source) for key in measure.of if key in reported)
    if measure.kind == "manual":
        return min(piece.day for piece in row.figures.pieces)
    if measure.kind == "organisations":
        held = [event.counting_date for event in facts.events if held_within(event, facts.days)]
        return min(held) if measure.active else facts.days[0]
    return min(event.counting_date for event in facts.events if could_count(event, measure, facts.days))


def _number(shown: Shown | None) -> int | None:
    """The number; raise ValueError for a withheld one, which would look like one that is not reported."""
    if isinstance(shown, str):
        raise ValueError("a figure that is withheld has no number")
    return shown

"""Rules of an event's sessions: its days where nobody has made any, and what those that people make must keep to.

Instants are UTC; days and hours are those that clocks in the event's time zone show.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from portal.activities.rules.drafts import LONGEST_TEXT
from portal.activities.rules.events import to_instant
from portal.core.errors import InvalidInput, InvalidInputs, Problem

DAY: Final = timedelta(days=1)
# An event that lasts longer has one session: nobody signs a hundred sheets.
MOST_SESSIONS: Final = 100


class Span(NamedTuple):
    """From an instant until before another."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it is, in whole minutes that have passed."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SessionDraft(NamedTuple):
    """A session as stated: a title per language, and times as local clocks show them (naive)."""

    title: Mapping[str, str]
    starts: datetime
    ends: datetime


def event_days(starts_at: datetime, ends_at: datetime, zone: str) -> list[Span]:
    """The sessions of an event that nobody has divided: one for each day that clocks in `zone` show, in order.

    Every day has the hours of the clock between which the event starts and ends, the first from its start, the last
    until its end. An event within one day, or over one night, is one session, as is one of more than MOST_SESSIONS
    days. Where it ends earlier in the day than it starts, the days go from midnight to midnight.
    """
    clock = ZoneInfo(zone)
    first, last = (moment.astimezone(clock).replace(tzinfo=None) for moment in (starts_at, ends_at))
    midnight = datetime.combine(first, time())
    # Midnight belongs to the day that it ends.
    days = (datetime.combine(last - timedelta(microseconds=1), time()) - midnight).days
    opens, closes = first - midnight, last - midnight - days * DAY
    is_daily = opens < closes
    if days < 1 or days >= MOST_SESSIONS or (days == 1 and not is_daily):
        return [Span(starts_at, ends_at)]
    if not is_daily:
        opens, closes = timedelta(), DAY
    begins = [starts_at, *(_instant(midnight + number * DAY + opens, clock) for number in range(1, days + 1))]
    ends = [*(_instant(midnight + number * DAY + closes, clock) for number in range(days)), ends_at]
    # Hours that a night of the spring skips altogether are no session.
    spans = [Span(*pair) for pair in zip(begins, ends, strict=True) if pair[0] < pair[1]]
    return spans or [Span(starts_at, ends_at)]


def local_day(moment: datetime, zone: str) -> date:
    """The day that clocks in the zone show."""
    return moment.astimezone(ZoneInfo(zone)).date()


def moved_days(before: Span, after: Span, zone: str) -> timedelta | None:
    """By how many whole days the event has moved, its hours of the clock being the same; None if otherwise."""
    clock = ZoneInfo(zone)
    by = {
        new.astimezone(clock).replace(tzinfo=None) - old.astimezone(clock).replace(tzinfo=None)
        for old, new in zip(before, after, strict=True)
    }
    days = by.pop()
    return days if not by and days and days % DAY == timedelta() else None


def later_by(span: Span, days: timedelta, zone: str) -> Span:
    """The same hours of the clock, so many whole days later (earlier, where negative)."""
    clock = ZoneInfo(zone)
    moved = (_instant(moment.astimezone(clock).replace(tzinfo=None) + days, clock) for moment in span)
    return Span(*moved)


def matched_days(before: Sequence[Span], after: Sequence[Span], zone: str) -> dict[int, int]:
    """Which of the days an event had (by their index) became which of those it has now.

    As many days as before are the same days, wherever they have moved. Otherwise a day is the one with its date, and
    where no date is left, the first stays the first.
    """
    if len(before) == len(after):
        return {number: number for number in range(len(before))}
    dates = {local_day(span.starts_at, zone): number for number, span in enumerate(after)}
    kept = {
        number: dates[local_day(span.starts_at, zone)]
        for number, span in enumerate(before)
        if local_day(span.starts_at, zone) in dates
    }
    return kept or {number: number for number in range(min(len(before), len(after)))}


def check_session(draft: SessionDraft, *, within: Span, others: Iterable[Span], zone: str) -> Span:
    """The session's times, if it can be stored; raise InvalidInputs with everything that is wrong.

    It lies within the event's times and beside the `others`.
    """
    problems = [
        Problem("text-too-long", f"title_{language}", {"limit": LONGEST_TEXT})
        for language, text in draft.title.items()
        if len(text) > LONGEST_TEXT
    ]
    span = _times(draft, zone, problems)
    if span is not None:
        problems += _outside(span, within, zone)
        for other in others:
            if span.starts_at < other.ends_at and other.starts_at < span.ends_at:
                problems.append(Problem("session-overlaps", "starts", shown_times(other, zone)))
    if problems or span is None:
        raise InvalidInputs(problems)
    return span


def _times(draft: SessionDraft, zone: str, problems: list[Problem]) -> Span | None:
    instants = []
    for where, local in (("starts", draft.starts), ("ends", draft.ends)):
        try:
            instants.append(to_instant(local, zone, where=where))
        except InvalidInput as error:
            problems.extend(error.problems)
    if len(instants) < 2:
        return None
    if instants[0] >= instants[1]:
        problems.append(Problem("session-ends-before-start", "ends"))
        return None
    return Span(*instants)


def _outside(span: Span, within: Span, zone: str) -> list[Problem]:
    event = shown_times(within, zone)
    problems = []
    if not within.starts_at <= span.starts_at < within.ends_at:
        problems.append(Problem("session-outside-event", "starts", event))
    if not within.starts_at < span.ends_at <= within.ends_at:
        problems.append(Problem("session-outside-event", "ends", event))
    return problems


def outside_problems(spans: Iterable[Span], *, within: Span, zone: str) -> list[Problem]:
    """What is wrong with an event's new times where sessions that people made would lie outside them."""
    problems = []
    for span in spans:
        if span.starts_at < within.starts_at:
            problems.append(Problem("session-left-out", "starts", shown_times(span, zone)))
        if span.ends_at > within.ends_at:
            problems.append(Problem("session-left-out", "ends", shown_times(span, zone)))
    return problems


def shown_times(span: Span, zone: str) -> dict[str, object]:
    """When it is as clocks in the zone show it, for sentences."""
    starts, ends = (f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for moment in span)
    return {"starts": starts, "ends": ends}


def _instant(local: datetime, clock: ZoneInfo) -> datetime:
    """The instant at which clocks show `local` (naive).

    The first of two where the autumn repeats it, and the moment the clocks are moved where the spring skips it.
    """
    first, second = (local.replace(tzinfo=clock, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    # In the gap the second reading lies before the change, the first behind it, and the change between the two.
    before, after = second, first
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        is_before = middle.astimezone(clock).utcoffset() == second.astimezone(clock).utcoffset()
        before, after = (middle, after) if is_before else (before, middle)
    return after.replace(second=0, microsecond=0)

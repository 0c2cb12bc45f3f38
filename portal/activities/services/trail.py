"""How events and attendance enter the audit: every entry is about the event, and names nobody."""

from typing import Any

from portal.activities.models import Comment, Event, Participation
from portal.activities.queries.comments import Topic
from portal.audit.services import Subject


def event_subject(event: Event) -> Subject:
    """The event as the audit knows it."""
    return Subject("event", event.id, event.ref, event.project_code)


def topic_subject(topic: Topic) -> Subject:
    """The event or the activity that is asked about, as the audit knows it."""
    return Subject(topic.kind, topic.id, topic.label, topic.project_code)


def comment_columns(row: Comment) -> dict[str, Any]:
    """Which question or answer it is; the audit keeps of its text only that there was one."""
    numbers = {"question": row.question_id, "answer": row.id} if row.question_id else {"question": row.id}
    return {**numbers, "comment": row.text}


def event_columns(event: Event) -> dict[str, Any]:
    """The event's facts as the audit compares them."""
    return {
        "ref": event.ref,
        "title": dict(event.title),
        "kind": event.kind,
        "activity": event.activity.number,
        "organisers": event.organiser_keys,
        "country": event.country,
        "place": event.place,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "time_zone": event.time_zone,
        "public": event.is_public,
        "status": event.status,
        "capacity": event.capacity,
        "planned_participants": event.planned_participants,
    }


def participation_columns(row: Participation) -> dict[str, Any]:
    """The facts of a person's row; the audit keeps of the personal ones only that they changed."""
    return {
        "participation": row.id,
        "participant": row.participant,
        "person": row.name,
        "institution": row.organisation,
        "country": row.country,
        "group": row.group,
        "gender": row.gender,
        "age_band": row.age_band,
        "status": row.status,
    }


def headcount_columns(event: Event) -> dict[str, Any]:
    """The event's headcounts as "group, country, gender, age" -> number."""
    rows = event.headcounts
    return {", ".join(filter(None, (row.group, row.country, row.gender, row.age_band))): row.number for row in rows}

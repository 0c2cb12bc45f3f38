"""The words for states of events and of people's places, and for why something counts or does not."""

from flask_babel import lazy_gettext as _l

EVENT_STATUSES = {"planned": _l("Planned"), "held": _l("Held"), "cancelled": _l("Cancelled")}

PARTICIPATION_STATUSES = {
    "attended": _l("Attended"),
    "absent": _l("Absent"),
    "registered": _l("Registered"),
    "unconfirmed": _l("Not confirmed"),
    "waitlisted": _l("On the waiting list"),
    "offered": _l("Offered a seat"),
    "expired": _l("Expired"),
    "cancelled": _l("Cancelled"),
}

ACTIONS = {
    "event_created": _l("Event logged"),
    "event_changed": _l("Event edited"),
    "event_held": _l("Event marked as held"),
    "event_cancelled": _l("Event cancelled"),
    "event_planned": _l("Event marked as planned again"),
    "example_removed": _l("Example event removed"),
    "participation_added": _l("Participant added"),
    "participation_changed": _l("Participant edited"),
    "participation_removed": _l("Participant removed"),
    "headcounts_recorded": _l("Headcounts recorded"),
    "evidence_added": _l("Evidence added"),
    "evidence_removed": _l("Evidence removed"),
}

EVIDENCE_KINDS = {
    "agenda": _l("Agenda"),
    "attendance_list": _l("Attendance list"),
    "tally_sheet": _l("Tally sheet without names"),
    "photos": _l("Photos"),
    "publicity": _l("Publicity"),
    "presentation": _l("Presentation"),
    "invoice": _l("Invoice"),
    "other": _l("Other evidence"),
}

OBSTACLES = {
    "planned": _l("it is not marked as held"),
    "cancelled": _l("it was cancelled"),
    "outside-days": _l("outside the project's days"),
    "meeting": _l("internal meetings never count"),
    "other-kind": _l("this row counts other kinds of events"),
    "not-joint": _l("it is not joint: its organisers come from one country"),
    "joint": _l("this row counts events that are not joint"),
    "not-public": _l("it is not a public event"),
    "public": _l("this row counts closed events"),
    "other-work-package": _l("it belongs to another work package"),
}

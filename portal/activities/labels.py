"""The words for states of events and of people's places, and for why something counts or does not."""

from flask_babel import lazy_gettext as _l

from portal.projects.labels import EVENT_KINDS, GROUPS

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

# Whether people can register, as organisers and the public read it.
DESK_STATES = {
    "early": _l("Opens later"),
    "open": _l("Registration is open"),
    "over": _l("Closed"),
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
    "attendance_marked": _l("Person marked as there"),
    "attendance_unmarked": _l("Mark of a person undone"),
    "attendance_saved": _l("Attendance sheet saved"),
    "walk_in_marked": _l("Person without registration marked as there"),
    "rest_absent": _l("Everyone else marked as absent"),
    "sheet_counted": _l("Signatures of a sheet counted"),
    "checkin_link_made": _l("Link for helpers made"),
    "checkin_link_ended": _l("Link for helpers ended"),
    "session_added": _l("Session added"),
    "session_changed": _l("Session edited"),
    "session_removed": _l("Session removed"),
    "sessions_reset": _l("Sessions made the event's days again"),
    "event_repeated": _l("Event repeated"),
    "evidence_added": _l("Evidence added"),
    "evidence_removed": _l("Evidence removed"),
    "event_imported": _l("Event imported"),
    "event_import_undone": _l("Import of the event undone"),
    "participations_imported": _l("Participants imported"),
    "participations_import_undone": _l("Import of participants undone"),
    "headcounts_imported": _l("Headcounts imported"),
    "headcounts_import_undone": _l("Import of headcounts undone"),
    "comment_written": _l("Comment written"),
    "comment_done": _l("Question marked as done"),
    "comment_opened": _l("Question opened again"),
    "comment_removed": _l("Comment removed"),
    "registration_opened": _l("Registration opened"),
    "registration_changed": _l("Registration edited"),
    "registration_link_renewed": _l("New address given to the registration page"),
    "registered": _l("Registered for the event"),
    "seat_confirmed": _l("Seat confirmed"),
    "seat_offered": _l("Free seat offered"),
    "registration_cancelled": _l("Place cancelled"),
    "registrations_lapsed": _l("Seats taken back that nobody confirmed"),
    "event_excluded": _l("Event excluded from a row of the outcome table"),
    "event_included": _l("Event counted again in a row of the outcome table"),
    "certificates_issued": _l("Certificates of attendance issued"),
    "certificate_withdrawn": _l("Certificate of attendance taken back"),
    "people_anonymised": _l("Names taken out after their time"),
    "person_withdrawn": _l("A person's data taken out"),
    "retention_changed": _l("How long names are kept decided"),
}

# What the audit says of events.
KINDS = {"event": _l("Event")}

FIELDS = {
    "session": _l("Number of the session"),
    "sessions": _l("Sessions"),
    "sheet_count": _l("Signatures on the sheet"),
    "marked": _l("Marked as there"),
    "unmarked": _l("Marks undone"),
    "series": _l("Events of the series"),
    "ref": _l("Reference"),
    "title": _l("Title"),
    "kind": _l("Kind of event"),
    "activity": _l("Activity"),
    "organisers": _l("Organisers"),
    "country": _l("Country"),
    "place": _l("Place"),
    "starts_at": _l("Starts"),
    "ends_at": _l("Ends"),
    "time_zone": _l("Time zone"),
    "public": _l("Open to the public"),
    "status": _l("State"),
    "capacity": _l("Seats"),
    "planned_participants": _l("Planned participants"),
    "opens_at": _l("Registration opens"),
    "closes_at": _l("Registration closes"),
    "confirm_hours": _l("Hours to confirm a seat"),
    "offer_hours": _l("Hours to take an offered seat"),
    "reminder_hours": _l("Hours before the start of the reminder"),
    "largest_party": _l("People registered at once, at most"),
    "consent": _l("What people agree to"),
    "consent_version": _l("Version of what people agree to"),
    "questions": _l("Questions"),
    "until": _l("Until"),
    "participation": _l("Number of the row"),
    "participant": _l("E-mail or code"),
    "person": _l("Name"),
    "institution": _l("Institution"),
    "group": _l("Group"),
    "gender": _l("Gender"),
    "age_band": _l("Age"),
    "removed": _l("Removed"),
    "restored": _l("As before again"),
    "question": _l("Number of the question"),
    "answer": _l("Number of the answer"),
    "answers": _l("Answers"),
    "comment": _l("Text"),
    "done": _l("Done"),
    "indicator": _l("Row of the outcome table"),
    "minutes": _l("Minutes"),
    "people": _l("Number of people"),
    "percent": _l("Threshold in percent"),
    "unattended_days": _l("Days after the event, for those who did not attend"),
    "attended_days": _l("Days after the project's last day, for those who attended"),
}

IMPORT_KINDS = {"events": _l("Events"), "participations": _l("Participants"), "headcounts": _l("Headcounts")}

QUESTION_STATES = {"open": _l("Open"), "done": _l("Done")}

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
    "excluded": _l("the manager excluded it from this row"),
}

VALUES = {
    "status": {**EVENT_STATUSES, **PARTICIPATION_STATUSES},
    "kind": {**EVENT_KINDS, **EVIDENCE_KINDS},
    "group": GROUPS,
}

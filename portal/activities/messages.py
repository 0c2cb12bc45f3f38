"""The sentences of what events and attendance refuse."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "event-unknown": _l("There is no such event in this project."),
    "event-stale": _l("Someone else has changed this event since you opened it. Compare, then save again."),
    "event-move": _l("The event's present status does not allow this. Reload the page and look at its status."),
    "event-not-begun": _l("The event has not begun, so it cannot be marked as held. Do it once it has started."),
    "event-ref-taken": _l("Another event of this project has the reference “%(value)s”. Choose another one."),
    "held-in-future": _l(
        "A held event cannot start in the future. Mend the start, or mark the event as planned first."
    ),
    "copy-day": _l("Choose a day between the years %(first)s and %(last)s for the copy."),
    "organisers-missing": _l("Choose at least one organiser."),
    "title-missing": _l("Give the event a title in at least one language."),
    "time-skipped": _l(
        "%(time)s does not exist in %(zone)s: clocks go forward that night. Use a time from %(hour)s on."
    ),
    "time-twice": _l(
        "%(time)s exists twice in %(zone)s: clocks go back that night. Use a time from %(hour)s on, or earlier."
    ),
    "time-zone-needed": _l("No time zone is known for %(country)s. Choose the one whose clocks the place shows."),
    "ends-before-start": _l("The event must end after it starts."),
    "participant-missing": _l("Enter an e-mail address or a code."),
    "participant-email": _l("This is not an e-mail address. Write it like name@example.org, or use a code."),
    "participant-code": _l("A code has at most 40 characters and no spaces."),
    "participant-twice": _l("This participant is already on the event's list."),
    "headcount-twice": _l("The same people are counted twice: use either their box or the row with details."),
    "participation-unknown": _l("There is no such participant at this event."),
    "evidence-unknown": _l("There is no such file at this event."),
    "evidence-tally-needed": _l(
        "Convicted persons or family members were at this event: attach a tally sheet without names, not a list of "
        "names."
    ),
    "evidence-names": _l(
        "Convicted persons or family members were at this event: make sure that nobody's name can be read in the "
        "files, and confirm it."
    ),
    "topic-unknown": _l("There is no such activity in this project. It may have been removed."),
    "comment-missing": _l("Write your question or your answer."),
    "comment-unknown": _l("There is no such question or answer in this project. It may have been removed."),
    "comment-of-another": _l("Only who wrote it, or the project's manager, can remove this."),
    "comment-answered": _l("Something has been written after this, so it stays. Write below it what was wrong."),
    "sensitive-name": _l(
        "Convicted persons and family members are recorded without name, e-mail or institution. Nothing was stored."
    ),
    "sensitive-code": _l(
        "For convicted persons and family members use a code of up to three capital letters and two to eight digits, "
        "or leave it empty and the portal issues one."
    ),
    "sensitive-elsewhere": _l(
        "This code would tie a name to a convicted person or family member elsewhere in the project. Use another code."
    ),
    # Exclusions.
    "exclusion-unknown": _l("The event is not excluded from this row, or somebody has let it count again."),
    "exclusion-there": _l("The event is excluded from this row already. Look at the reason on the page of the event."),
    "exclusion-of-sum": _l("This row is a sum: exclude the event from one of its parts."),
    "exclusion-without-events": _l("No events are counted towards this row, so none can be excluded from it."),
    "exclusion-reason-missing": _l("Say why the event does not count towards this row."),
    # Files.
    "import-event-unknown": _l(
        "There is no event “%(value)s” that you may change. Write the reference of an event of your organisation."
    ),
    "import-event-not-own": _l(
        "The event “%(value)s” belongs to other organisations. Take its row out of the file, or ask one of them."
    ),
    "import-organisers-not-own": _l("Keep your own organisation among the organisers."),
    "import-activity-number": _l(
        "A spreadsheet shortens %(other)s to %(value)s. Format the cell as text and type the number anew."
    ),
    "import-status-step": _l(
        "An event cannot go from “%(status)s” to “%(wanted)s” in one step. Mark it as planned on its page first."
    ),
    "import-depended-on": _l(
        "Events of this import have participants (%(people)s), headcounts (%(numbers)s), evidence files (%(files)s), "
        "comments (%(comments)s) or exclusions from rows (%(exclusions)s) by now. Remove those first."
    ),
    "import-events-named": _l(
        "Something else names an event of this import by now, such as an item of expenditure. Take the event off it "
        "first."
    ),
    "examples-named": _l(
        "Something else names one of the example events, such as an item of expenditure. Take the event off it first."
    ),
    "import-undo-gone": _l(
        "An event of this import belonged to an activity or organisation that is no longer there, so the import cannot "
        "be undone."
    ),
    "import-undo-ties": _l(
        "Undone, this import would tie a name to a convicted person or family member elsewhere in the project."
    ),
}

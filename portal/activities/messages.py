"""The sentences of what events and attendance refuse."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.core.sentences import Counted


def _party_too_large(most: int) -> str:
    said = ngettext(
        "You can register at most %(num)s person at once. Take some out.",
        "You can register at most %(num)s people at once. Take some out.",
        most,
    )
    return str(said)


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
    "registrations-too-many": _l(
        "Too many people have registered from your network within an hour. Wait %(minutes)s min, then send this again: "
        "what you have typed is still here."
    ),
    "links-too-many": _l(
        "Too many links have been asked for from your network within an hour. Wait %(minutes)s min, then ask again."
    ),
    # Exclusions.
    "exclusion-unknown": _l("The event is not excluded from this row, or somebody has let it count again."),
    "exclusion-there": _l("The event is excluded from this row already. Look at the reason on the page of the event."),
    "exclusion-of-sum": _l("This row is a sum: exclude the event from one of its parts."),
    "exclusion-without-events": _l("No events are counted towards this row, so none can be excluded from it."),
    "exclusion-reason-missing": _l("Say why the event does not count towards this row."),
    # Marking attendance.
    "marks-cancelled": _l("The event is cancelled, so nobody can be marked. Mark it as planned again first."),
    "marks-early": _l("Attendance can be recorded from the event's first day on, %(day)s. Come back then."),
    "absent-early": _l("The event has not begun: everyone may still come. Mark who is absent after its start."),
    "marks-minutes": _l("The session lasts %(most)s min. Enter less, or nothing for all the time."),
    "walk-in-name": _l("Enter the name of the person who came, as it stands on the sheet."),
    "checkin-unknown": _l("This link is not known, or the organisers have ended it. Ask them for the present one."),
    "checkin-over": _l("The event is over, and its link with it. Ask the organisers to record what is missing."),
    "checkin-early": _l("The event has not begun. This link works from its first day on, %(day)s."),
    "checkin-cancelled": _l("The event is cancelled, so nobody can be marked by this link. Ask the organisers."),
    # Sessions and series.
    "session-unknown": _l("The event has no such session. It may have been removed."),
    "session-ends-before-start": _l("The session must end after it starts."),
    "session-outside-event": _l(
        "The event is from %(starts)s to %(ends)s. Choose a time within it, or change the event's times first."
    ),
    "session-overlaps": _l(
        "Another session is from %(starts)s to %(ends)s. Choose times that do not meet it, or change that one first."
    ),
    "session-marked": _l(
        "People have been marked at this session, so it stays. Change its times or its title where they are wrong."
    ),
    "session-only-one": _l("An event has one session at least. Change its times or its title instead."),
    "sessions-too-many": _l("An event has at most %(most)s sessions. Remove one before you add another."),
    "session-left-out": _l(
        "The session from %(starts)s to %(ends)s would lie outside the event. Change or remove that session first."
    ),
    "day-marked": _l(
        "People have been marked on the day from %(starts)s to %(ends)s, so it must stay within the event. Leave the "
        "day in."
    ),
    "series-unknown": _l("There is no such series in this project."),
    "series-length": _l("Say either how many further events there are, or until which day."),
    "series-too-long": _l("This makes more than %(most)s events. Choose an earlier last day."),
    "series-empty": _l("This makes no event. Choose a later last day, or leave fewer dates out."),
    "series-day": _l("Choose a last day between the years %(first)s and %(last)s."),
    "series-there": _l(
        "The series already has an event at that time on each of these days: %(days)s. Choose a later last day, more "
        "events, or other steps."
    ),
    "series-date": _l(
        "The event of %(day)s cannot be made, because its times are not clear on that day. Leave this date out."
    ),
    # Headcounts.
    "group-unknown": _l("There is no such group of people, or no such country. Go back to the numbers of the event."),
    "headcount-parts": _l(
        "The parts add up to %(parts)s, which is more than %(total)s in all. Raise the total, or lower a part."
    ),
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
    # Certificates of attendance.
    "certificate-threshold": _l("Enter a threshold from 1 to 100 percent."),
    "certificate-early": _l("The event is not over yet. Issue the certificates once it has ended."),
    "certificate-cancelled": _l("The event is cancelled, so nobody attended it and no certificates are issued."),
    "certificate-unknown": _l(
        "There is no certificate with this code. Compare the code with the certificate: it has 26 letters and digits."
    ),
    "certificate-erased": _l(
        "The name on this certificate is no longer kept, so its file is gone. Look at the page of its code for the "
        "rest."
    ),
    "certificates-changed": _l(
        "The event, its list or somebody's attendance has changed since this page was shown. Look at it again, then "
        "issue the "
        "certificates."
    ),
    "certificates-none-issued": _l("No certificate of this event can be handed out. Issue them first."),
    "certificates-none": _l("Nobody without a certificate reaches the threshold. Lower it, or record attendance."),
    # How long names are kept.
    "retention-stale": _l(
        "Somebody else has changed how long names are kept since you opened this. Compare, then save again."
    ),
    # Registration.
    "registration-unknown": _l("There is no such registration. Look at the link: it may be cut off, or an old one."),
    "registration-early": _l("Registration has not opened yet. Come back when it has."),
    "registration-over": _l("Registration is closed. Ask the organisers whether you can still come."),
    "registration-cancelled": _l("The event is cancelled, so there is nothing to register for or to confirm any more."),
    "registered-already": _l("This person is on the event's list already. Use the link in the mail about it."),
    "registered-already-together": _l(
        "One of these people is on the event's list already. Register the others without them, or use the link in the "
        "mail about it."
    ),
    "consent-changed": _l("The text about your data has changed since you opened this page. Read it anew, then agree."),
    "party-too-large": Counted("most", _party_too_large),
    "party-beyond-capacity": _l("The event has only %(most)s seats. Register fewer people."),
    "person-name-missing": _l("Give the person's name."),
    "person-email-missing": _l("Give your e-mail address: the link to your registration goes there."),
    "email-twice": _l("This e-mail address stands here twice. Give each person their own, or none."),
    "answer-missing": _l("Answer this question."),
    "answer-unknown": _l("Choose one of the answers."),
    "place-ended": _l("This registration has ended. Register again if you want to come."),
    "place-lapsed": _l("The time to confirm is over, and the seat is no longer kept for you. Register again."),
    "place-waits": _l("No seat is free for you at the moment. You get a mail as soon as one is."),
    "place-move": _l("The place is in another state by now. Reload the page and look at it."),
    "event-begun": _l("The event has begun, so places can no longer be cancelled. Record who is there instead."),
    # The page that people register on.
    "desk-there": _l("Registration for this event has been opened already. Reload the page and change it there."),
    "desk-stale": _l("Someone else has changed the registration since you opened it. Compare, then save again."),
    "desk-event-cancelled": _l("The event is cancelled, so nobody can register. Mark it as planned again first."),
    "desk-event-begun": _l("The event has begun, so nobody can register any more. Mend its start if that is wrong."),
    "closes-before-opening": _l("Registration must close after it opens."),
    "closes-after-start": _l("Registration must close before the event starts, or as it starts."),
    "consent-missing": _l("Write what people agree to in this language too: they must be able to read it."),
    "questions-too-many": _l("There are too many questions. Ask at most %(most)s."),
    "question-unknown": _l("One of the questions is no longer there. Reload the page and change the questions again."),
    "question-answered": _l(
        "People have answered this question already. You may word it anew and add choices, but not take it or a choice "
        "away, nor make it another kind of question."
    ),
    "question-text-missing": _l("Write the text in at least one language."),
    "choices-number": _l("Give from %(least)s to %(most)s answers to choose from."),
    "choices-of-text": _l("Who writes a text has nothing to choose from. Take the choices away."),
    # Seats.
    "capacity-below-seats": _l(
        "%(taken)s seats are taken, so there cannot be fewer. Keep at least that many, or cancel places on the list of "
        "those who registered first."
    ),
    "seats-beyond-capacity": _l(
        "%(taken)s people would have a seat, but there are only %(capacity)s. Give the event more seats, or cancel "
        "places first."
    ),
    "status-by-registration": _l(
        "At an event with registration, only the portal brings places into this state. Use registered, cancelled, "
        "attended or absent."
    ),
    "import-undo-sessions": _l(
        "Undone, this import would leave sessions, or days on which people have been marked, outside their event. "
        "Change the times of the event itself."
    ),
    "import-undo-seats": _l(
        "Undone, this import would leave more people with a seat than there are. Give the event more seats, or cancel "
        "places first."
    ),
    "import-undo-registration": _l(
        "Registration has been opened for an event of this import, so it stays. Cancel the event instead."
    ),
}

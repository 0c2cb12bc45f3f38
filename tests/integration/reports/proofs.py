"""Events held with more or less of their evidence, and a figure entered by hand that no file proves."""

import io
from datetime import date, datetime
from typing import Any

from portal.activities.services.evidence import add_evidence
from portal.core.db import db
from portal.core.files.checking import Upload
from portal.core.files.services import keep_uploads
from portal.projects.models import Indicator
from portal.projects.rules.figures import FigureDraft
from portal.projects.services.figures import add_figure
from tests.conftest import NOW
from tests.files import pdf
from tests.make import PROJECT, make_event, make_people, make_tournament


def attach(event_id: int, *kinds: str) -> None:
    """Attach a file of each kind to the event, having made sure that no name is legible."""
    for kind in kinds:
        kept = keep_uploads([Upload(f"{kind}.pdf", io.BytesIO(pdf(f"{kind} {event_id}")))], now=NOW)
        add_evidence(event_id, kind, kept, now=NOW, no_names=True)


def make_held(ref: str, day: date, **changes: Any) -> int:
    """A workshop of lps and ols held on the day, with the changes; return its id."""
    starts, ends = (datetime(day.year, day.month, day.day, hour) for hour in (10, 16))
    title = {"en": f"Event {ref}"}
    return make_event(**{"ref": ref, "title": title, "status": "held", "starts": starts, "ends": ends, **changes})


def make_evidence() -> None:
    """In period 1 W1 without evidence, W2 without people, V1 with its tally sheet only; in period 2 M1 complete and
    X1 planned; L1 in no period, with everything but photos.
    """
    make_people(make_held("W1", date(2026, 3, 10)), ["p1"])
    make_held("W2", date(2026, 3, 11), organisers=["lps"])
    attach(make_tournament(), "tally_sheet")
    meeting = make_held("M1", date(2026, 9, 1), kind="meeting", organisers=["lpro"])
    make_people(meeting, ["p1"])
    attach(meeting, "attendance_list", "agenda")
    make_held("X1", date(2026, 9, 2), status="planned")
    early = make_held("L1", date(2025, 12, 30), organisers=["ols"])
    make_people(early, ["p1"])
    attach(early, "attendance_list", "agenda", "presentation")


def make_figure(day: date, *, number: int = 7, key: str = "organisations") -> int:
    """A figure of the indicator, which is entered by hand from now on, without a file; return its id."""
    indicator = db.session.query(Indicator).filter_by(project_code=PROJECT, key=key).one()
    indicator.measure = {"kind": "manual"}
    db.session.commit()
    return add_figure(PROJECT, key, FigureDraft(day, number, "Counted on paper"), file=None, now=NOW)


def let_figures_count_no_more(why: str, key: str = "organisations") -> None:
    """Give the figures' indicator another "measure", or let the project begin after them, with other "days"."""
    indicator = db.session.query(Indicator).filter_by(project_code=PROJECT, key=key).one()
    if why == "measure":
        indicator.measure = {"kind": "organisations", "roles": ["lead", "partner"], "active": True}
    else:
        indicator.project.first_day = date(2026, 2, 2)
    db.session.commit()

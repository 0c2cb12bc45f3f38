"""Files of events, participations and headcounts: what their columns say, and what storing them would change."""

from portal.accounts.rules import Permission
from portal.activities.imports.columns import EVENT_COLUMNS, HEADCOUNT_COLUMNS, PARTICIPATION_COLUMNS
from portal.activities.imports.events import export_events, plan_events
from portal.activities.imports.headcounts import export_headcounts, plan_headcounts
from portal.activities.imports.participations import export_participations, plan_participations
from portal.activities.labels import IMPORT_KINDS
from portal.activities.services import imports as services
from portal.imports import kinds
from portal.imports.kinds import ImportKind

EVENTS = ImportKind(
    name="events",
    label=IMPORT_KINDS["events"],
    permission=Permission.EDIT_EVENTS,
    columns=EVENT_COLUMNS,
    plan=plan_events,
    store=services.store_events,
    undo=services.undo_events,
    check_undo=services.check_undo_of_events,
    export=export_events,
    sight=Permission.READ_PROJECT,
)
PARTICIPATIONS = ImportKind(
    name="participations",
    label=IMPORT_KINDS["participations"],
    permission=Permission.EDIT_EVENTS,
    columns=PARTICIPATION_COLUMNS,
    plan=plan_participations,
    store=services.store_participations,
    undo=services.undo_participations,
    check_undo=services.check_undo_of_participations,
    export=export_participations,
    sight=Permission.SEE_PARTICIPANTS,
)
HEADCOUNTS = ImportKind(
    name="headcounts",
    label=IMPORT_KINDS["headcounts"],
    permission=Permission.EDIT_EVENTS,
    columns=HEADCOUNT_COLUMNS,
    plan=plan_headcounts,
    store=services.store_headcounts,
    undo=services.undo_headcounts,
    check_undo=services.check_undo_of_headcounts,
    export=export_headcounts,
    sight=Permission.READ_PROJECT,
)


def register() -> None:
    """Let files of these kinds be imported, in the order in which a project needs them."""
    for kind in (EVENTS, PARTICIPATIONS, HEADCOUNTS):
        kinds.register(kind)

"""Storing what files bring, and taking back exactly that."""

from portal.activities.services.imports.events import check_undo_of_events, store_events, undo_events
from portal.activities.services.imports.headcounts import check_undo_of_headcounts, store_headcounts, undo_headcounts
from portal.activities.services.imports.participations import (
    check_undo_of_participations,
    store_participations,
    undo_participations,
)

__all__ = [
    "check_undo_of_events",
    "check_undo_of_headcounts",
    "check_undo_of_participations",
    "store_events",
    "store_headcounts",
    "store_participations",
    "undo_events",
    "undo_headcounts",
    "undo_participations",
]

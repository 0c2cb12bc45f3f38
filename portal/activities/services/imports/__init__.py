"""Storing what files bring, and taking back exactly that."""

from portal.activities.services.imports.events import store_events, undo_events
from portal.activities.services.imports.headcounts import store_headcounts, undo_headcounts
from portal.activities.services.imports.participations import store_participations, undo_participations

__all__ = [
    "store_events",
    "store_headcounts",
    "store_participations",
    "undo_events",
    "undo_headcounts",
    "undo_participations",
]

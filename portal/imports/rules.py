"""What an import can be, as the list of imports knows it."""

from typing import Final

# checking → ready | refused; ready → storing | discarded; storing → stored | refused; stored → undone.
IMPORT_STATES: Final = ("checking", "ready", "refused", "storing", "stored", "discarded", "undone")

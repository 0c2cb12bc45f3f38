"""What a process that serves pages does once everything is loaded."""

import gc

# So many new objects are made before the collector looks for cycles among them: a page of a large project makes 50,000.
OBJECTS_PER_COLLECTION = 20_000


def settle() -> None:
    """Let the collector pass over what has been loaded so far, which stays for good; only before serving pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)

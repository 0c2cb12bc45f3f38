"""Keeping what has happened already, however busy the database is."""

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

# Seconds between the tries, each of which itself waits for the database's lock; together shorter than a mail's attempt.
PAUSES = (0.1, 0.5, 1, 5, 10, 30)

logger = logging.getLogger("portal.jobs")


def insist(act: Callable[[], None]) -> None:
    """Call `act` until the database takes it; raise what it raises at the last of several tries."""
    for pause in PAUSES:
        try:
            return act()
        except OperationalError as error:
            logger.warning("the database did not take what was done, trying again: %s", type(error.orig).__name__)
            time.sleep(pause)
    return act()

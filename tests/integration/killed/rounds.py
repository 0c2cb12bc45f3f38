"""Children that do something and are ended with SIGKILL, each a little later than the one before."""

import os
import signal
import sys
import time
from collections.abc import Callable

from flask import Flask

from portal.core.db import db


def kill_rounds(app: Flask, rounds: int, act: Callable[[int], bool]) -> None:
    """Let `act` run in `rounds` children, given their number from 1, and kill each; it says whether it succeeded.

    Round 0 is let through, and says how long the others may take; the program ends where it fails.
    """

    def begin(number: int) -> int:
        # A child must not share its parent's connections.
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        child = os.fork()
        if child == 0:
            os._exit(0 if act(number) else 1)
        return child

    started = time.monotonic()
    if os.waitpid(begin(0), 0)[1] != 0:
        sys.exit("what nobody kills is refused")
    takes = time.monotonic() - started
    for number in range(1, rounds + 1):
        child = begin(number)
        time.sleep(takes * number / rounds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

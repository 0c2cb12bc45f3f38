"""What the server processes of a race do besides serving: each says that it is ready. Read by gunicorn."""

import os
from pathlib import Path

READY = "RACE_READY"


def post_worker_init(worker):
    """Leave a file that is called by the worker's number once it has loaded the app."""
    (Path(os.environ[READY]) / str(worker.pid)).touch()

"""Server processes as they run where many people come: gunicorn with eight workers that share nothing but the data."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from portal.core.db import db
from portal.jobs.queue import opened_queue
from tests.architecture.source import ROOT
from tests.conftest import NOW
from tests.races.hooks import READY

WORKERS, THREADS = 8, 4
# Eight processes load the whole portal on what the machine has.
PATIENCE_SECONDS = 180


class Servers(NamedTuple):
    """What listens at the port of this machine; `ready` holds a file for each process that has begun to serve."""

    port: int
    ready: Path
    log: Path

    def processes(self) -> list[int]:
        """The numbers of the processes that serve at this moment, those begun first at the front."""
        begun = sorted(self.ready.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return [int(file.name) for file in begun if Path(f"/proc/{file.name}").exists()]

    def kill_one(self) -> int:
        """End one of the processes with SIGKILL, whatever it is doing; return its number."""
        process = self.processes()[0]
        os.kill(process, signal.SIGKILL)
        return process

    def wait_until_all_serve(self, begun: int = WORKERS) -> None:
        """Wait until `begun` processes have begun to serve, those that were killed included."""
        until = time.monotonic() + PATIENCE_SECONDS
        while len(list(self.ready.iterdir())) < begun:
            if time.monotonic() > until:
                raise TimeoutError(f"not all processes serve:\n{self.log.read_text()}")
            time.sleep(0.05)

    def seconds_used(self) -> float:
        """How much time of processors the serving processes have used so far."""
        ticks = 0
        for process in self.processes():
            # After the name in brackets, which may hold spaces, the 12th and 13th: user and system.
            stated = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(stated[11]) + int(stated[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(app: Flask, folder: Path) -> Iterator[Servers]:
    """Eight processes that serve the portal on the app's database as long as the block lasts; their log is in `folder`.

    Their clock stands still as the app's does, and nobody is told to come back later for coming too often.
    """
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        # As the worker that runs beside them does first of all.
        with opened_queue(prepare=True):
            pass
        # What is forked or killed must not share connections with this process.
        db.session.remove()
        db.engine.dispose()
    environment = {
        "PORTAL_MODE": "development",
        "PORTAL_DATABASE_URL": url,
        "PORTAL_DATA_DIR": str(app.config["DATA_DIR"]),
        "PORTAL_SECRET_KEY": app.config["SECRET_KEY"],
        "PORTAL_NOW": NOW.isoformat(),
        "PORTAL_REGISTRATIONS_PER_HOUR": "0",
    }
    with listening("portal.wsgi:app", environment, folder) as servers:
        yield servers


@contextmanager
def listening(target: str, environment: Mapping[str, str], folder: Path) -> Iterator[Servers]:
    """Eight processes that serve the WSGI application `target` as long as the block lasts."""
    ready = folder / "ready"
    ready.mkdir()
    servers = Servers(free_port(), ready, folder / "gunicorn.log")
    command = [
        *(sys.executable, "-m", "gunicorn", target, "--config", "python:tests.races.hooks"),
        *("--bind", f"127.0.0.1:{servers.port}", "--workers", str(WORKERS)),
        *("--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "120", "--log-level", "warning"),
    ]
    stated = {**os.environ, **environment, READY: str(ready)}
    with servers.log.open("w") as log:
        master = subprocess.Popen(command, cwd=ROOT, env=stated, stdout=log, stderr=log)
    try:
        servers.wait_until_all_serve()
        yield servers
    finally:
        master.terminate()
        try:
            master.wait(20)
        except subprocess.TimeoutExpired:
            master.kill()
            master.wait()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port

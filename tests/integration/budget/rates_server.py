"""A server of exchange rates on this machine, which answers as a test wants it to."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

PLN_IN_JULY = b'[{"country": "Poland", "currency": "Zloty", "isoA3Code": "PLN", "isoA2Code": "PL", "value": 4.2563}]'


class Answer(NamedTuple):
    """What the server says: the status, the content, a place to go to, and after how long."""

    content: bytes = PLN_IN_JULY
    status: int = 200
    location: str = ""
    seconds: float = 0
    drip_seconds: float = 0


class Served(NamedTuple):
    """The address of the server with the places for year and month, and the paths that were asked for."""

    url: str
    asked: list[str]


@contextmanager
def rates_server(answer: Answer, then: Answer | None = None) -> Iterator[Served]:
    """Serve `answer` to the first request, and `then` to those that follow, as long as the block lasts."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            said = then if then is not None and len(asked) > 1 else answer
            time.sleep(said.seconds)
            try:
                self._say(said)
            except OSError:
                # Whoever asked has gone.
                return

        def _say(self, said: Answer) -> None:
            self.send_response(said.status)
            if said.location:
                self.send_header("Location", said.location)
            self.send_header("Content-Length", str(len(said.content)))
            self.end_headers()
            for place in range(0, len(said.content), 1 if said.drip_seconds else len(said.content) or 1):
                time.sleep(said.drip_seconds)
                self.wfile.write(said.content[place : place + 1] if said.drip_seconds else said.content)
                self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}/rates/{{year}}/{{month}}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

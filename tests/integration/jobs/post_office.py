"""A mail server of a few lines, in a thread: keeps what it takes, refuses while it is told to."""

import email
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import cast

from portal.config import SmtpServer


class PostOffice(socketserver.ThreadingTCPServer):
    """`refusals` maps a command (or "greeting", "text") to what is answered instead of taking it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a caller that has hung up: the tests look at what arrived."""

    @property
    def address(self) -> SmtpServer:
        """Where it listens."""
        return SmtpServer("none", "127.0.0.1", self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    """One connection: answers command by command."""

    def handle(self) -> None:
        self.answer("greeting", "220 post office")
        for line in self.rfile:
            command = line.split()[0].decode("ascii", "replace").upper() if line.strip() else ""
            if command == "DATA":
                self.take_letter()
            elif command == "QUIT":
                self.answer(command, "221 bye")
                return
            else:
                self.answer(command, "250 ok")

    def take_letter(self) -> None:
        if not self.answer("DATA", "354 go ahead"):
            return
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        letter = cast(EmailMessage, email.message_from_bytes(b"".join(lines), policy=default))
        if "text" not in self.office.refusals:
            self.office.letters.append(letter)
        self.answer("text", "250 taken")

    def answer(self, step: str, good: str) -> bool:
        """Send `good`, or the refusal of this step; return whether it was good."""
        refusal = self.office.refusals.get(step)
        self.wfile.write(f"{refusal or good}\r\n".encode())
        return refusal is None

    @property
    def office(self) -> PostOffice:
        return cast(PostOffice, self.server)


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """A mail server that runs while the block does."""
    with PostOffice() as office:
        thread = Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()

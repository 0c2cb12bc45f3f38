"""A mail server, a kind of mail, and kinds of jobs that say what they did."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal.jobs import mail, registry
from portal.jobs.registry import JobContext
from tests.integration.jobs.post_office import PostOffice, open_post_office

mail.register("test", "emails/test.txt")


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The mail server of the app."""
    with open_post_office() as office:
        monkeypatch.setitem(app.config, "SMTP", office.address)
        yield office


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The payloads that the jobs of kind "note" were carried out with."""
    payloads: list[dict[str, Any]] = []

    def note(context: JobContext, payload: dict[str, Any]) -> None:
        payloads.append(payload)

    monkeypatch.setitem(registry._functions, "note", note)
    return payloads

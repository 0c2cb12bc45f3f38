"""A portal served on this machine, and Debian's Chromium to use it with."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress.server import create_server

from tests.run import program

# A machine that does much else at the same time answers late; what is right there in time waits for nothing.
expect.set_options(timeout=20_000)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def address(built_app: Flask) -> Iterator[str]:
    """The address of the served portal."""
    server = create_server(built_app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_window(app: Flask, browser: Browser, address: str) -> Iterator[Callable[[], Page]]:
    """Opens windows of different people at the portal, on one database that is empty at first."""
    app.config["WTF_CSRF_ENABLED"] = True
    contexts = []

    def open_one() -> Page:
        contexts.append(browser.new_context(base_url=address, locale="en-GB", accept_downloads=True))
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def page(open_window: Callable[[], Page]) -> Page:
    """One window."""
    return open_window()

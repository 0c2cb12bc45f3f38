"""An app as production makes it, before any test has switched anything off."""

from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from portal.config import Config


@pytest.fixture(scope="session")
def fresh_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A new app with its own settings; its database is never opened."""
    folder: Path = tmp_path_factory.mktemp("fresh")
    return create_app(
        Config(
            mode="development",
            database_url=f"sqlite:///{folder / 'never-opened.sqlite'}",
            data_dir=folder,
            secret_key="for tests only, never for people",
            base_url="http://127.0.0.1:5000",
            trusted_hosts=(),
        )
    )

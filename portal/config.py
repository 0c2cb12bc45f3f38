"""Configuration from the environment. Production refuses to start where something is unsafe."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MODES = ("development", "production")
SECRET_BYTES = 32


class UnsafeConfig(Exception):
    """The environment names a value that is missing, unreadable or unsafe; the text says which and what to do."""


class Config(NamedTuple):
    """What the portal needs to know before it starts."""

    mode: str
    database_url: str
    data_dir: Path
    secret_key: str
    base_url: str
    trusted_hosts: tuple[str, ...]
    testing: bool = False
    # What stands for the present instead of the clock; never in production.
    now: datetime | None = None

    @property
    def production(self) -> bool:
        """Whether real people's data is at stake."""
        return self.mode == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """The configuration the PORTAL_… variables state; raise UnsafeConfig with all that is wrong."""
        env = os.environ if env is None else env
        mode = env.get("PORTAL_MODE", "development")
        data_dir = Path(env.get("PORTAL_DATA_DIR") or ROOT / "instance").absolute()
        config = cls(
            mode=mode,
            database_url=env.get("PORTAL_DATABASE_URL") or f"sqlite:///{ROOT / 'instance' / 'portal.sqlite'}",
            data_dir=data_dir,
            secret_key=env.get("PORTAL_SECRET_KEY", ""),
            base_url=env.get("PORTAL_BASE_URL") or "http://127.0.0.1:5000",
            trusted_hosts=tuple(env.get("PORTAL_TRUSTED_HOSTS", "").replace(",", " ").split()),
        )
        problems = _problems(config)
        stated = env.get("PORTAL_NOW")
        if stated and not config.production:
            config = config._replace(now=_instant(stated, problems))
        if problems:
            raise UnsafeConfig("\n".join(problems))
        return config if config.secret_key else config._replace(secret_key=_kept_secret(data_dir))


def _instant(text: str, problems: list[str]) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        problems.append(f"PORTAL_NOW is {text!r}: write date, time and offset, such as 2026-03-10T09:00:00+02:00.")
        return None
    return instant.astimezone(UTC)


def _problems(config: Config) -> list[str]:
    problems = []
    if config.mode not in MODES:
        problems.append(f"PORTAL_MODE is {config.mode!r}: use one of {', '.join(MODES)}.")
    if not config.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("PORTAL_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    if config.secret_key and len(config.secret_key.encode()) < SECRET_BYTES:
        problems.append(f"PORTAL_SECRET_KEY is too short: give at least {SECRET_BYTES} random bytes.")
    if config.production:
        problems += _production_problems(config)
    return problems


def _production_problems(config: Config) -> list[str]:
    problems = []
    if not config.secret_key:
        problems.append(f"PORTAL_SECRET_KEY is required in production: give at least {SECRET_BYTES} random bytes.")
    elif len(set(config.secret_key)) < SECRET_BYTES // 4:
        problems.append("PORTAL_SECRET_KEY repeats itself: give random bytes.")
    if urlsplit(config.base_url).scheme != "https":
        problems.append("PORTAL_BASE_URL must be the https:// address people use, in production.")
    if not config.trusted_hosts:
        problems.append("PORTAL_TRUSTED_HOSTS must name the host names the portal answers to, in production.")
    return problems


def _kept_secret(folder: Path) -> str:
    """The development secret kept in `folder`, made on first use, so sign-ins survive a restart."""
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written whole under another name first, so that no one ever reads half a secret.
        draft = folder / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    secret = path.read_text().strip()
    if len(secret.encode()) < SECRET_BYTES:
        raise UnsafeConfig(f"{path} is cut short: remove it, and a new secret is made at the next start.")
    return secret

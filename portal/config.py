"""Configuration from the environment. Production refuses to start where something is unsafe."""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
MODES = ("development", "production")
SECRET_BYTES = 32
# Scheme of PORTAL_SMTP_URL -> how the connection is protected, and the port where none is stated.
SMTP_SCHEMES = {"smtp": ("none", 25), "smtps": ("tls", 465), "smtp+starttls": ("starttls", 587)}
# An address as From takes it: no spaces, no control characters, nothing that ends it.
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LONGEST_RATES_TIMEOUT = 120
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class UnsafeConfig(Exception):
    """The environment names a value that is missing, unreadable or unsafe; the text says which and what to do."""


class SmtpServer(NamedTuple):
    """The mail server; `security` is "tls" from the first byte, "starttls", or "none"."""

    security: str
    host: str
    port: int
    user: str = ""
    password: str = ""


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
    # How many reverse proxies stand in front: so many X-Forwarded-… values are believed, from the last one back.
    proxies: int = 0
    # Where mails are handed over; '' leaves them in the outbox. And whom they come from.
    smtp_url: str = ""
    mail_from: str = ""
    # Where exchange rates are fetched, with {year} and {month} in it; '' fetches none. And when that is given up.
    rates_url: str = ""
    rates_timeout_seconds: int = 10
    # How many registrations for events one network may send in an hour; 0 sets no limit.
    registrations_per_hour: int = 300

    @property
    def production(self) -> bool:
        """Whether real people's data is at stake."""
        return self.mode == "production"

    @property
    def smtp(self) -> SmtpServer | None:
        """The mail server; None where mails stay in the outbox."""
        return read_smtp_url(self.smtp_url) if self.smtp_url else None

    @property
    def sender(self) -> str:
        """The address mails come from."""
        return self.mail_from or f"portal@{urlsplit(self.base_url).hostname or 'localhost'}"

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
            smtp_url=env.get("PORTAL_SMTP_URL", ""),
            mail_from=env.get("PORTAL_MAIL_FROM", ""),
            rates_url=env.get("PORTAL_RATES_URL", ""),
        )
        problems = _problems(config)
        config = config._replace(proxies=_proxies(env.get("PORTAL_PROXIES", "0"), problems))
        seconds = _rates_timeout(env.get("PORTAL_RATES_TIMEOUT", "10"), problems)
        config = config._replace(rates_timeout_seconds=seconds)
        number = _registrations_per_hour(env.get("PORTAL_REGISTRATIONS_PER_HOUR", "300"), problems)
        config = config._replace(registrations_per_hour=number)
        stated = env.get("PORTAL_NOW")
        if stated and not config.production:
            config = config._replace(now=_instant(stated, problems))
        if problems:
            raise UnsafeConfig("\n".join(problems))
        return config if config.secret_key else config._replace(secret_key=_kept_secret(data_dir))


def read_smtp_url(text: str) -> SmtpServer:
    """The mail server that smtp://, smtps:// or smtp+starttls://user:password@host:port names; raise ValueError."""
    parts = urlsplit(text)
    if parts.scheme not in SMTP_SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("not the address of a mail server")
    security, port = SMTP_SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password) or parts.port == 0:
        raise ValueError("a user without a password, or no port")
    return SmtpServer(security, parts.hostname, parts.port or port, user, password)


def _instant(text: str, problems: list[str]) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        problems.append(f"PORTAL_NOW is {text!r}: write date, time and offset, such as 2026-03-10T09:00:00+02:00.")
        return None
    return instant.astimezone(UTC)


def _proxies(text: str, problems: list[str]) -> int:
    if text in {"0", "1", "2", "3"}:
        return int(text)
    problems.append(f"PORTAL_PROXIES is {text!r}: write how many reverse proxies stand in front, from 0 to 3.")
    return 0


def _rates_timeout(text: str, problems: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LONGEST_RATES_TIMEOUT:
        return int(text)
    problems.append(f"PORTAL_RATES_TIMEOUT is {text!r}: write whole seconds, from 1 to {LONGEST_RATES_TIMEOUT}.")
    return 10


def _registrations_per_hour(text: str, problems: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    problems.append(f"PORTAL_REGISTRATIONS_PER_HOUR is {text!r}: write a whole number below 1000000, 0 for no limit.")
    return 300


def _is_rates_url(text: str) -> bool:
    """Whether rates can be fetched from there: the month stands in the path or the query, never in the host."""
    try:
        parts = urlsplit(text)
        named = f"{parts.path}?{parts.query}"
        return bool(parts.scheme in ("https", "http") and parts.hostname and parts.port != 0) and all(
            each in named for each in ("{year}", "{month}")
        )
    except ValueError:
        return False


def _problems(config: Config) -> list[str]:
    problems = []
    if config.mode not in MODES:
        problems.append(f"PORTAL_MODE is {config.mode!r}: use one of {', '.join(MODES)}.")
    if not config.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("PORTAL_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    if config.secret_key and len(config.secret_key.encode()) < SECRET_BYTES:
        problems.append(f"PORTAL_SECRET_KEY is too short: give at least {SECRET_BYTES} random bytes.")
    problems += _mail_problems(config)
    if config.rates_url and not _is_rates_url(config.rates_url):
        problems.append("PORTAL_RATES_URL must be an https:// or http:// address with {year} and {month} in it.")
    if config.production:
        problems += _production_problems(config)
    return problems


def _mail_problems(config: Config) -> list[str]:
    problems = []
    try:
        server = config.smtp
    except ValueError:
        # Never the value itself: there is a password in it.
        problems.append("PORTAL_SMTP_URL cannot be read: write smtp+starttls://user:password@host:port, or smtps://.")
    else:
        if server and config.production and server.security == "none" and server.user and server.host not in LOCAL:
            problems.append("PORTAL_SMTP_URL would send its password unprotected: use smtp+starttls:// or smtps://.")
    if config.mail_from and not MAIL_ADDRESS.fullmatch(config.mail_from):
        problems.append("PORTAL_MAIL_FROM must be an e-mail address, without a name.")
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

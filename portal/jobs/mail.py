"""Mails: features register a template for each kind; it is rendered in the recipient's language, outside any request.

A template's first line is the subject, the second is blank, the rest is the text. It prints the mail's values, or what
is read by them at that moment, and `base_url`, which links begin with; a value that is missing is an error.
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from jinja2 import Environment, StrictUndefined, TemplateError

from portal.config import SmtpServer
from portal.core.web.language import speaking
from portal.jobs.labels import NOT_SHOWN
from portal.jobs.rules import without_links

TIMEOUT_SECONDS = 10
PERMANENT = 500

Values = Mapping[str, Any]
# Turns a mail's values, which name rows, into what its template prints.
Reader = Callable[[Values], Values]

_templates: dict[str, str] = {}
_readers: dict[str, Reader] = {}


class Outdated(LookupError):
    """What the mail would say is true no more: whoever reads its values raises it, and the mail is let go unsent."""


class Letter(NamedTuple):
    """What a mail says."""

    subject: str
    text: str


class MailClaim(NamedTuple):
    """One attempt at one mail; nobody else tries it before the attempt's time is over."""

    id: int
    kind: str
    recipient: str
    language: str
    values: dict[str, Any]
    created_at: datetime
    attempt: int


def register(kind: str, template: str, *, read: Reader | None = None) -> None:
    """Let mails of this kind be rendered from `template` ("emails/….txt"); raise ValueError if they have another.

    `read` looks up at sending what the mail's values name: what a project's members wrote, which is not put into the
    outbox and not shown to those who run the portal.
    """
    if _templates.setdefault(kind, template) != template:
        raise ValueError(f"two templates for mails of kind {kind}")
    if read is not None:
        _readers[kind] = read


def template_of(kind: str) -> str:
    """The template of this kind of mail; raise LookupError if it is not registered."""
    return _templates[kind]


def render(kind: str, language: str, values: Values) -> Letter:
    """What a mail of this kind with these values says in `language`."""
    with speaking(language):
        template = _environment().get_template(template_of(kind))
        printed = _readers[kind](values) if kind in _readers else values
        written = template.render(printed, base_url=current_app.config["BASE_URL"].rstrip("/"))
    subject, _, text = written.strip().partition("\n")
    return Letter(" ".join(subject.split()), f"{text.strip()}\n")


def preview(kind: str, language: str, values: Values) -> Letter | None:
    """The mail as administrators may see it; None if it has no text.

    In production they see neither where its links lead nor what members of a project wrote. A mail that was sent has
    no text any more, nor has one that cannot be written. Raise Outdated if what it would say is true no more.
    """
    try:
        letter = render(kind, language, values) if values else None
    except Outdated:
        raise
    except (TemplateError, LookupError, ValueError, TypeError):
        return None
    if letter is None or not current_app.config["PRODUCTION"]:
        return letter
    if kind in _readers:
        return Letter("…", str(NOT_SHOWN))
    return Letter(*(without_links(text) for text in letter))


def _environment() -> Environment:
    """The app's templates, where a value that is missing is an error instead of nothing."""
    made: Environment = current_app.extensions.setdefault(
        "mail_templates", current_app.jinja_env.overlay(undefined=StrictUndefined)
    )
    return made


def is_too_late(mail: MailClaim, *, now: datetime) -> bool:
    """Whether what the mail brings does not work any more: its value `until` is an instant that has passed."""
    until = mail.values.get("until")
    return until is not None and datetime.fromisoformat(until) <= now


def compose(mail: MailClaim, *, now: datetime) -> EmailMessage:
    """The mail as it goes to the server; its Message-ID is the same at each attempt."""
    letter = render(mail.kind, mail.language, mail.values)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = Address(addr_spec=current_app.config["MAIL_FROM"])
    message["To"] = Address(addr_spec=mail.recipient)
    message["Date"] = format_datetime(now)
    # The instant too: a database may give the number of a forgotten mail to another.
    message["Message-ID"] = f"<mail-{mail.id}-{int(mail.created_at.timestamp())}@{_own_host()}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message["Content-Language"] = mail.language
    return message


def send(server: SmtpServer, message: EmailMessage) -> None:
    """Hand the message to the mail server; return once it has taken it."""
    smtp = _connected(server)
    try:
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)
    finally:
        # The server has taken the mail by now: a farewell that fails must not send it again.
        with suppress(OSError):
            smtp.quit()


def _connected(server: SmtpServer) -> smtplib.SMTP:
    host, port, own = server.host, server.port, _own_host()
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=own, timeout=TIMEOUT_SECONDS, context=context)
    smtp = smtplib.SMTP(host, port, local_hostname=own, timeout=TIMEOUT_SECONDS)
    if server.security == "starttls":
        try:
            smtp.starttls(context=ssl.create_default_context())
        except BaseException:
            smtp.close()
            raise
    return smtp


def _own_host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def described(error: Exception) -> str:
    """What went wrong, without the server's words, in which the address may stand."""
    codes = _codes(error)
    return " ".join([type(error).__name__, *(str(code) for code in codes)])


def is_final(error: Exception) -> bool:
    """Whether another attempt would end the same: the mail cannot be written, or this recipient is refused for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return min(_codes(error), default=0) >= PERMANENT
    if isinstance(error, OSError):
        # Also a certificate that is not trusted, which is a ValueError besides: it may be renewed within the day.
        return False
    return isinstance(error, TemplateError | LookupError | ValueError | TypeError)


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []

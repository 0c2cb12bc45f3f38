"""What a mail says: its recipient's language, plain headers whatever the values hold, and no way around TLS."""

import smtplib
import ssl

import pytest

from portal.config import SmtpServer
from portal.jobs import mail
from portal.jobs.mail import MailClaim, compose, is_final, preview, render
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("in_app")

CLAIM = MailClaim(7, "test", "asta@example.org", "lt", {"name": "Łucja Žaliūkaitė"}, NOW, 1)


def test_a_mail_speaks_its_language_whoever_asks_for_it(in_app):
    with in_app.test_request_context("/?lang=pl"):
        letter = render("test", "en", CLAIM.values)
    assert letter.subject == "Test mail of the project portal"
    assert letter.text.startswith("Łucja Žaliūkaitė asked for this mail")


def test_the_headers_are_plain_and_the_text_comes_back_whole():
    message = compose(CLAIM, now=NOW)
    raw = message.as_bytes()
    assert raw.isascii()
    assert message["Message-ID"] == f"<mail-7-{int(NOW.timestamp())}@127.0.0.1>"
    assert message["Content-Language"] == "lt"
    assert "Łucja Žaliūkaitė" in message.get_content()


@pytest.mark.parametrize("recipient", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "nobody"])
def test_a_recipient_cannot_add_headers_or_recipients(recipient):
    try:
        message = compose(CLAIM._replace(recipient=recipient), now=NOW)
    except ValueError as error:
        assert is_final(error)
    else:
        assert message["Bcc"] is None
        assert len(message["To"].addresses) == 1


def test_a_value_cannot_add_headers():
    message = compose(CLAIM._replace(values={"name": "Jan\r\nBcc: b@example.org"}), now=NOW)
    assert message["Bcc"] is None


def test_a_subject_is_one_line(monkeypatch, in_app):
    monkeypatch.setattr(mail, "_environment", lambda: Strange())
    letter = render("test", "en", {})
    assert letter.subject == "Hello you"
    assert letter.text == "Text\n"


class Strange:
    """Templates that begin with empty lines and a tab."""

    def get_template(self, name):
        return self

    def render(self, *values, **more):
        return "\n\nHello\t you \r\n\r\nText\n\n"


def test_administrators_see_links_in_development_only(in_app, monkeypatch):
    assert "http://127.0.0.1:5000/admin/outbox" in preview("test", "en", CLAIM.values).text
    monkeypatch.setitem(in_app.config, "PRODUCTION", True)
    assert preview("test", "en", CLAIM.values).text.endswith("http://127.0.0.1:5000/…\n")


@pytest.mark.parametrize(("kind", "values"), [("test", {}), ("test", {"nom": "Jan"}), ("gone", {"name": "Jan"})])
def test_a_mail_without_its_values_or_template_has_no_text(kind, values):
    assert preview(kind, "en", values) is None


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_protect_the_mail_does_not_get_it(office, security):
    place = office.address
    with pytest.raises((ssl.SSLError, smtplib.SMTPNotSupportedError)) as refusal:
        mail.send(SmtpServer(security, place.host, place.port), compose(CLAIM, now=NOW))
    assert not is_final(refusal.value)
    assert office.letters == []


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"unknown")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"greylisted")}), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPAuthenticationError(535, b"no"), False),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), False),
        (TimeoutError(), False),
        (ssl.SSLCertVerificationError(1, "certificate has expired"), False),
        (KeyError("kind"), True),
    ],
)
def test_only_what_can_never_succeed_is_final(error, final):
    assert is_final(error) is final


def test_a_kind_has_one_template():
    mail.register("test", "emails/test.txt")
    with pytest.raises(ValueError, match="two templates"):
        mail.register("test", "emails/other.txt")

"""The address of the mail server: read whole or refused, and never with its password in the refusal."""

import pytest

from portal.config import Config, SmtpServer, UnsafeConfig, read_smtp_url

PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_SECRET_KEY": "k9!Zp2#vQ7xW4mT8rL1nB6cY3dF5hJ0g",
    "PORTAL_BASE_URL": "https://portal.example.org",
    "PORTAL_TRUSTED_HOSTS": "portal.example.org",
}


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://localhost", SmtpServer("none", "localhost", 25)),
        ("smtps://mail.example.org", SmtpServer("tls", "mail.example.org", 465)),
        ("smtp+starttls://mail.example.org:2587/", SmtpServer("starttls", "mail.example.org", 2587)),
        ("smtps://me%40example.org:p%3A%2Fw@mail", SmtpServer("tls", "mail", 465, "me@example.org", "p:/w")),
    ],
)
def test_an_address_is_read(text, server):
    assert read_smtp_url(text) == server


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtps://user@mail",
        "smtps://:s3cret@mail",
        "smtps://user:s3cret@mail:port",
        "smtps://user:s3cret@mail:99999",
        "smtps://user:s3cret@mail:0",
        "smtps://user:s3cret@mail/path",
        "smtps://user:s3cret@mail?tls=no",
    ],
)
def test_an_unreadable_address_is_refused_without_its_password(text):
    with pytest.raises(UnsafeConfig) as refusal:
        Config.from_env({"PORTAL_SMTP_URL": text, "PORTAL_SECRET_KEY": "x" * 32})
    assert str(refusal.value).startswith("PORTAL_SMTP_URL cannot be read")
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("smtp://user:word@mail.example.org", False),
        ("smtp://user:word@localhost", True),
        ("smtp://mail.example.org", True),
        ("smtps://user:word@mail.example.org", True),
    ],
)
def test_in_production_a_password_is_not_sent_unprotected(text, safe):
    if safe:
        assert Config.from_env({**PRODUCTION, "PORTAL_SMTP_URL": text}).smtp
    else:
        with pytest.raises(UnsafeConfig, match="unprotected"):
            Config.from_env({**PRODUCTION, "PORTAL_SMTP_URL": text})


def test_mails_come_from_the_portal_unless_another_sender_is_named():
    assert Config.from_env(PRODUCTION).sender == "portal@portal.example.org"
    assert Config.from_env({**PRODUCTION, "PORTAL_MAIL_FROM": "no-reply@example.org"}).sender == "no-reply@example.org"


@pytest.mark.parametrize("sender", ["portal", "Portal <portal@example.org>", "a@b\nBcc: c@d", "a b@example.org"])
def test_a_sender_that_is_no_address_is_refused(sender):
    with pytest.raises(UnsafeConfig, match="PORTAL_MAIL_FROM"):
        Config.from_env({**PRODUCTION, "PORTAL_MAIL_FROM": sender})

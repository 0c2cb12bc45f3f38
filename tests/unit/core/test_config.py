"""Configuration: what production refuses to start with, all of it at once, and the secret kept for development."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.config import ROOT, Config, UnsafeConfig

SECRET = "k9!Zp2#vQ7xW4mT8rL1nB6cY3dF5hJ0g"
SAFE = {
    "PORTAL_MODE": "production",
    "PORTAL_DATABASE_URL": "postgresql+psycopg://portal@db/portal",
    "PORTAL_SECRET_KEY": SECRET,
    "PORTAL_BASE_URL": "https://portal.example.org",
    "PORTAL_TRUSTED_HOSTS": "portal.example.org",
}


def problems_of(**changes: str) -> list[str]:
    with pytest.raises(UnsafeConfig) as refusal:
        Config.from_env({**SAFE, **changes})
    return str(refusal.value).splitlines()


def test_a_safe_production_is_read_as_stated():
    config = Config.from_env({**SAFE, "PORTAL_DATA_DIR": "/srv/portal"})
    assert config.production
    assert config.database_url == "postgresql+psycopg://portal@db/portal"
    assert config.data_dir == Path("/srv/portal")
    assert config.secret_key == SECRET
    assert config.base_url == "https://portal.example.org"
    assert config.trusted_hosts == ("portal.example.org",)
    assert not config.testing


@pytest.mark.parametrize("hosts", ["a.example.org b.example.org", "a.example.org,b.example.org"])
def test_trusted_hosts_are_separated_by_commas_or_spaces(hosts):
    assert Config.from_env({**SAFE, "PORTAL_TRUSTED_HOSTS": hosts}).trusted_hosts == ("a.example.org", "b.example.org")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_MODE", "prod"),
        ("PORTAL_MODE", ""),
        ("PORTAL_DATABASE_URL", "mysql://db/portal"),
        ("PORTAL_DATABASE_URL", "postgresql://db/portal"),
        ("PORTAL_SECRET_KEY", ""),
        ("PORTAL_SECRET_KEY", "x9!Zp2#vQ7xW4mT8rL1nB6cY3dF5hJ0"),
        ("PORTAL_SECRET_KEY", "secret" * 8),
        ("PORTAL_BASE_URL", ""),
        ("PORTAL_BASE_URL", "http://portal.example.org"),
        ("PORTAL_TRUSTED_HOSTS", ""),
        ("PORTAL_TRUSTED_HOSTS", " , "),
        ("PORTAL_REGISTRATIONS_PER_HOUR", "many"),
        ("PORTAL_REGISTRATIONS_PER_HOUR", "-1"),
        ("PORTAL_REGISTRATIONS_PER_HOUR", "1000000"),
    ],
)
def test_one_unsafe_value_is_refused_by_the_name_of_its_variable(name, value):
    [problem] = problems_of(**{name: value})
    assert problem.startswith(name)


def test_everything_unsafe_is_named_at_once():
    problems = problems_of(
        PORTAL_DATABASE_URL="oracle://db",
        PORTAL_SECRET_KEY="",
        PORTAL_BASE_URL="http://portal.example.org",
        PORTAL_TRUSTED_HOSTS="",
    )
    assert [problem.split()[0] for problem in problems] == [
        "PORTAL_DATABASE_URL",
        "PORTAL_SECRET_KEY",
        "PORTAL_BASE_URL",
        "PORTAL_TRUSTED_HOSTS",
    ]


def test_a_refusal_never_shows_the_secret():
    assert "hunter2" not in " ".join(problems_of(PORTAL_SECRET_KEY="hunter2"))


def test_development_starts_with_nothing_stated(tmp_path):
    config = Config.from_env({"PORTAL_DATA_DIR": str(tmp_path)})
    assert config.mode == "development"
    assert config.database_url == f"sqlite:///{ROOT / 'instance' / 'portal.sqlite'}"
    assert config.base_url == "http://127.0.0.1:5000"
    assert config.trusted_hosts == ()


def test_a_weak_secret_is_refused_in_development_too(tmp_path):
    with pytest.raises(UnsafeConfig):
        Config.from_env({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": "short"})


def test_the_development_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    env = {"PORTAL_DATA_DIR": str(tmp_path / "instance")}
    first = Config.from_env(env).secret_key
    assert len(bytes.fromhex(first)) == 32
    assert Config.from_env(env).secret_key == first
    assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == 0o600


def test_two_folders_have_two_secrets(tmp_path):
    one, other = (Config.from_env({"PORTAL_DATA_DIR": str(tmp_path / name)}).secret_key for name in "ab")
    assert one != other


def test_a_stated_secret_leaves_no_kept_one_behind(tmp_path):
    Config.from_env({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": SECRET})
    assert list(tmp_path.iterdir()) == []


def test_a_kept_secret_that_was_cut_short_does_not_leave_the_portal_without_one(tmp_path):
    (tmp_path / "secret_key").write_text("")
    try:
        config = Config.from_env({"PORTAL_DATA_DIR": str(tmp_path)})
    except UnsafeConfig:
        return
    assert len(config.secret_key) >= 32


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-10T09:00:00+02:00", datetime(2026, 3, 10, 7, 0, tzinfo=UTC)),
        ("2026-03-10 09:00+00:00", datetime(2026, 3, 10, 9, 0, tzinfo=UTC)),
        ("2026-01-01T01:00:00+02:00", datetime(2025, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_stated_present_is_read_into_utc(tmp_path, text, instant):
    assert Config.from_env({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_NOW": text}).now == instant


@pytest.mark.parametrize("text", ["tomorrow", "2026-03-10T09:00:00", "2026-03-10", "2026-02-30T09:00:00Z"])
def test_a_stated_present_without_an_offset_or_that_cannot_be_read_is_refused(tmp_path, text):
    with pytest.raises(UnsafeConfig, match="PORTAL_NOW"):
        Config.from_env({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_NOW": text})


@pytest.mark.parametrize("text", ["2001-01-01T00:00:00Z", "tomorrow"])
def test_a_stated_present_is_ignored_in_production(text):
    assert Config.from_env({**SAFE, "PORTAL_NOW": text}).now is None


def test_rates_are_fetched_from_nowhere_unless_an_address_is_stated(tmp_path):
    stated = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_RATES_URL": "https://rates.example.org/{year}/{month}"}
    assert Config.from_env({"PORTAL_DATA_DIR": str(tmp_path)}).rates_url == ""
    config = Config.from_env({**stated, "PORTAL_RATES_TIMEOUT": "30"})
    assert (config.rates_url, config.rates_timeout_seconds) == (stated["PORTAL_RATES_URL"], 30)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_RATES_URL", "https://rates.example.org/latest"),
        ("PORTAL_RATES_URL", "ftp://rates.example.org/{year}/{month}"),
        ("PORTAL_RATES_URL", "file:///{year}/{month}"),
        ("PORTAL_RATES_URL", "https://{year}.{month}/"),
        ("PORTAL_RATES_URL", "https://[broken/{year}/{month}"),
        ("PORTAL_RATES_TIMEOUT", "0"),
        ("PORTAL_RATES_TIMEOUT", "121"),
        ("PORTAL_RATES_TIMEOUT", "soon"),
    ],
)
def test_an_address_of_rates_that_cannot_be_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(UnsafeConfig, match=name):
        Config.from_env({"PORTAL_DATA_DIR": str(tmp_path), name: value})

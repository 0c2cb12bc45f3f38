"""What lies in the repository beside the code: no addresses in the lock, no paths of one machine, one configuration."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, expect_none, lines_of

LOCK = "requirements.lock"
ADDRESS = re.compile(r"[a-z+]+://|^\s*--?(?:index-url|extra-index-url|find-links|trusted-host|i|f)\b", re.IGNORECASE)
OWN_PATH = re.compile(r"(?<![\w.>)}-])/(?:work|root)/")

# Every other place a tool of ours would read its settings from.
CONFIGURATIONS = frozenset(
    {
        "setup.cfg",
        "setup.py",
        "tox.ini",
        "pytest.ini",
        ".pytest.ini",
        "babel.cfg",
        "babel.toml",
        "mypy.ini",
        ".mypy.ini",
    }
    | {"ruff.toml", ".ruff.toml", ".flake8", ".isort.cfg", ".pylintrc", ".coveragerc", ".importlinter", "noxfile.py"}
    | {"MANIFEST.in", "Pipfile", "poetry.lock", "pdm.lock", "uv.lock", "uv.toml", "requirements.txt", "pip.conf"}
)


def ignored() -> list[str]:
    """The patterns of .gitignore, all of which are names; git's own folder besides."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    patterns = [line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")]
    assert not any(mark in pattern for pattern in patterns for mark in "/!"), "ignore by name: this test reads no more"
    return [".git", *patterns]


def files(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    """Every file that is, or may be, in the repository."""
    for path in sorted(root.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in patterns):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from files(path, patterns)
        elif path.is_file():
            yield path


def texts() -> Iterator[Source]:
    """Every file of the repository that is text."""
    for path in files(ROOT, ignored()):
        content = path.read_bytes()
        if b"\0" not in content[:8_000]:
            yield Source(path.relative_to(ROOT).as_posix(), content.decode("utf-8", "replace"))


def lines_with(pattern: re.Pattern[str], source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.split("\n"), start=1):
        if pattern.search(line):
            yield source.at(number, line.strip()[:80])


def further_configurations(paths: Iterable[Path]) -> Iterator[str]:
    return (f"{path}:1 belongs into pyproject.toml" for path in paths if path.name in CONFIGURATIONS)


def test_the_lock_names_no_address():
    lock = Source(LOCK, (ROOT / LOCK).read_text())
    assert "--hash=sha256:" in lock.text
    expect_none(lines_with(ADDRESS, lock), "The lock is the same wherever packages come from:")


def test_no_file_names_a_folder_of_this_machine():
    found = (offence for source in texts() for offence in lines_with(OWN_PATH, source))
    expect_none(found, "These work on one machine only:")


def test_pyproject_is_the_only_configuration():
    found = further_configurations(path.relative_to(ROOT) for path in files(ROOT, ignored()))
    expect_none(found, "Tools read their settings from pyproject.toml:")


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("flask==3.1.3 \\", False),
        ("    --hash=sha256:83490def1f723413db5096591f7609ac52544805be93849170088ed04f5a2e0b", False),
        ("    # via portal (pyproject.toml)", False),
        ("--index-url https://example.org/simple", True),
        ("--extra-index-url=mirror", True),
        ("-i mirror", True),
        ("--find-links wheels", True),
        ("flask @ file:///wheels/flask.whl", True),
        ("flask @ git+ssh://example.org/flask", True),
    ],
)
def test_an_address_in_the_lock_is_found(line: str, refused: bool):
    assert bool(list(lines_with(ADDRESS, Source(LOCK, line)))) is refused


def test_a_path_of_one_machine_is_found_but_not_an_address_that_looks_like_one():
    # Put together here, so that this file does not offend itself.
    work, root = "/work" + "/", "/root" + "/"
    text = f"open('{work}main/x')\nsee https://example.org{work}plan\n/projects/<code>{work}3\nPATH={root}bin"
    assert lines_of(lines_with(OWN_PATH, Source("sample.md", text))) == [1, 4]


def test_a_second_configuration_is_found(tmp_path: Path):
    (tmp_path / "tests").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in ("pyproject.toml", "tests/pytest.ini", ".venv/setup.cfg"):
        (tmp_path / name).touch()
    found = further_configurations(path.relative_to(tmp_path) for path in files(tmp_path, [".venv"]))
    assert list(found) == ["tests/pytest.ini:1 belongs into pyproject.toml"]

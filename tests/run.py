"""Runs the whole suite on SQLite and what needs it on a throwaway PostgreSQL cluster too: `make test`.

What is missing of Debian's chromium and postgresql is installed when this runs as root; otherwise it says what to do.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# In two processes, each with a database of its own; files in the order given, so that neither waits long for the other.
IN_TWO = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# Files of few tests that take long.
SLOW = ("tests/integration/test_route_walk.py", "tests/integration/killed", "tests/races")
ON_SQLITE = (*SLOW, "tests/browser", "tests")
# What a browser does is the same on either database.
ON_POSTGRESQL = (*SLOW, "tests/integration", "tests/architecture/test_migrations.py", "-m", "not sqlite_only")
# Bytes: what the tests leave behind until they end, several times over.
ROOM = 4_000_000_000
# Nothing of it outlives the tests; rows stay where they were put until conftest.py clears up.
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")
CLUSTER = ("-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
PACKAGES = {"chromium": "chromium", "initdb": "postgresql"}


def main() -> int:
    """Run the suite on SQLite, then on PostgreSQL; return 0 only if both pass."""
    install_missing()
    with memory_folder() as folder, postgresql(folder) as server:
        environment = {**os.environ, "TMPDIR": str(folder)}
        print("On SQLite:", flush=True)
        here = run_pytest(sys.argv[1:] or ON_SQLITE, environment)
        print("On PostgreSQL:", flush=True)
        there = run_pytest(ON_POSTGRESQL, {**environment, "PORTAL_TEST_POSTGRESQL": server})
    print(f"SQLite {'failed' if here else 'passed'}, PostgreSQL {'failed' if there else 'passed'}.")
    return here or there


def run_pytest(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run pytest with these arguments in two processes; return what it returns."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *IN_TWO, *arguments], check=False, env=environment
    ).returncode


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder for all that the tests write, gone at the end: in memory where the machine has room there."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=memory if roomy else None))
    # The user that PostgreSQL runs as passes through it.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program(name: str) -> str | None:
    """Where a program is, looked for where Debian puts PostgreSQL's too."""
    found = shutil.which(name)
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(Path(found).resolve()) if found else str(packaged[0]) if packaged else None


def install_missing() -> None:
    """Install what the tests need beside Python, or stop and say what to install."""
    missing = [package for name, package in PACKAGES.items() if program(name) is None]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"The tests need {' and '.join(missing)}. On Debian: sudo apt-get install {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, env=quiet, stdout=subprocess.DEVNULL)
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


@contextmanager
def postgresql(within: Path | None = None) -> Iterator[str]:
    """A cluster of its own in a folder of its own, reachable by socket only; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=within))
    data = folder / "data"
    # PostgreSQL refuses to run as root; Debian's package makes the user postgres.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    control = [*as_user, str(program("pg_ctl")), "-D", str(data), "-w", "-s"]
    settings = " -c ".join([f"-k {folder}", *SETTINGS])
    try:
        initdb = [str(program("initdb")), "-D", str(data), *CLUSTER]
        subprocess.run([*as_user, *initdb], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        subprocess.run([*control, "-l", str(folder / "log"), "-o", settings, "start"], check=True, cwd=folder)
        yield f"postgresql://portal@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

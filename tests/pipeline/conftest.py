"""A real PostgreSQL for the tests, started on a socket of its own and thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

OWNER_PASSWORD = "owner-password"
PORT = 5432  # of the socket's name only: nothing listens on the network


@dataclass(frozen=True)
class Server:
    """A running server; `socket` is the folder of its socket."""

    socket: Path

    def owner(self, database: str = "erp") -> psycopg.Connection:
        """A connection of the owner, committing at once."""
        return psycopg.connect(
            host=str(self.socket), user="owner", password=OWNER_PASSWORD, dbname=database, autocommit=True
        )

    def url(self, user: str) -> str:
        """The address as a connection file holds it, without a password."""
        return f"postgresql+psycopg://{user}@/erp?host={self.socket}"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def running() -> Iterator[Server]:
    """A fresh cluster with a database `erp`. Skips without PostgreSQL, except in CI."""
    binaries = programs()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("CI must test against a real PostgreSQL, and there is none")
        pytest.skip("there is no PostgreSQL here: install Debian's `postgresql` package")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    folder.chmod(0o755)
    secret = folder / "password"
    secret.write_text(OWNER_PASSWORD)
    secret.chmod(0o644)
    cluster = folder / "cluster"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    try:
        run(str(binaries / "initdb"), "-D", str(cluster), "-U", "owner", "-A", "scram-sha-256",
            f"--pwfile={secret}", "-E", "UTF8", "--no-sync")  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -p {PORT}"
        run(str(binaries / "pg_ctl"), "-D", str(cluster), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            server = Server(folder)
            with server.owner("postgres") as connection:
                connection.execute("create database erp")
            yield server
        finally:
            run(str(binaries / "pg_ctl"), "-D", str(cluster), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL with an empty database `erp`."""
    with running() as server:
        yield server

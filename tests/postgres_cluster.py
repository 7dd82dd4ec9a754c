"""A private PostgreSQL from an installed server, gone with the tests that asked for it."""

from __future__ import annotations

import hashlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import asyncpg
import pytest

from storage import migrate
from storage.postgres import PostgresDatabase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from storage.postgres_sessions import Limits

NOW: Final = 1_700_000_000_000
USER: Final = "muybridge"
SHARED_MEMORY: Final = Path("/dev/shm")

_DEBIAN: Final = Path("/usr/lib/postgresql")
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "log_checkpoints": "off",
    "deadlock_timeout": "100ms",
}
_DURABLE: Final = {"recovery_init_sync_method": "syncfs"}
# A test's rows need not outlive the machine; a server that is killed keeps them all the same.
_NOT_DURABLE: Final = {"fsync": "off", "full_page_writes": "off"}

# Row by row: a TRUNCATE would make each table and index anew.
_EMPTY: Final = """
    SET session_replication_role = replica;
    SET lock_timeout = '10s';
    DO $$ DECLARE found TEXT; BEGIN
      FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('schema_version', 'commit_marks')
      LOOP EXECUTE format('DELETE FROM %I', found); END LOOP;
    END $$
"""


def binaries() -> Path | None:
    """Return where the newest installed server's programs are, None when there is none."""
    on_path = shutil.which("pg_ctl")
    versions = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    found = [Path(on_path).resolve()] if on_path else versions
    return found[-1].parent if found and (found[-1].parent / "initdb").exists() else None


def owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as: PostgreSQL refuses to be root. None is ourselves."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name: each for each in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


class Cluster:
    """A server of its own on a free port of loopback, which lets everybody in."""

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._log = folder / "log"
        self._durable = durable
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._shared: dict[str, str] = {}
        self._used: list[str] = []
        self.port = _free_port()

    def make(self) -> None:
        """Write the empty cluster and start it."""
        run = ["initdb", "-D", str(self._data), "-U", USER, "--auth=trust", "--no-sync"]
        self._call(*run, "-E", "UTF8", "--no-locale")
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it lets us in."""
        chosen = (
            _SETTINGS | (_DURABLE if self._durable else _NOT_DURABLE) | {"port": str(self.port)}
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in chosen.items())
        self._call(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._log), "-o", options, "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: `immediate` is as if it had been killed."""
        self._call("pg_ctl", "-D", str(self._data), "-w", "-m", mode, "stop")

    def _call(self, program: str, *arguments: str) -> None:
        who = owner()
        # Not to pipes: the server would inherit them, and never close them.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 - the installed server's own programs
                [str(self._programs / program), *arguments],
                cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=90,
                check=False, user=who and who.pw_uid, group=who and who.pw_gid,
                extra_groups=None if who is None else [],
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, output.read().decode(errors="replace")

    def url(self, name: str, *, port: int | None = None) -> str:
        """Return the address of a database, on another port when a proxy stands before it."""
        return f"postgresql://{USER}:not-a-secret@127.0.0.1:{port or self.port}/{name}"

    async def create(self, migrations: Path) -> str:
        """Make a database with those migrations applied; return its address.

        Databases of earlier tests are dropped first.
        """
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            for used in self._used:
                await admin.execute(f"DROP DATABASE {used} WITH (FORCE)")
            self._used.clear()
            template = await self._template(admin, migrations)
            name = f"test_{next(self._numbers)}"
            await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        finally:
            await admin.close()
        self._used.append(name)
        return self.url(name)

    async def emptied(self, migrations: Path) -> str:
        """Return the address of a database with those migrations and no rows, but faster.

        Tests share it one after another, so they make no tables of their own in it.
        """
        key = _content(migrations)
        if key not in self._shared:
            self._shared[key] = await self.create(migrations)
            self._used.clear()
        admin = await asyncpg.connect(self._shared[key])
        try:
            await admin.execute(_EMPTY)
        finally:
            await admin.close()
        return self._shared[key]

    async def _template(self, admin: asyncpg.Connection[asyncpg.Record], migrations: Path) -> str:
        """Migrate once for all tests with the same migrations."""
        key = _content(migrations)
        if key not in self._templates:
            name = f"template_{len(self._templates)}"
            await admin.execute(f"CREATE DATABASE {name}")
            database = await PostgresDatabase.open(self.url(name))
            try:
                if key:
                    await migrate.apply(database, migrations, NOW)
            finally:
                await database.close()
            self._templates[key] = name
        return self._templates[key]

    @asynccontextmanager
    async def database(
        self, migrations: Path, limits: Limits | None = None
    ) -> AsyncIterator[PostgresDatabase]:
        """Open an empty database with those migrations applied."""
        opened = await PostgresDatabase.open(await self.emptied(migrations), limits)
        try:
            yield opened
        finally:
            await opened.close()


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server, and stop it in the end. Skips the test where none is installed."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: apt install postgresql)")
    fast = SHARED_MEMORY if SHARED_MEMORY.is_dir() and not durable else None
    folder = Path(tempfile.mkdtemp(prefix="muybridge-pg-", dir=fast))
    runs_as = owner()
    if runs_as is not None:
        os.chown(folder, runs_as.pw_uid, runs_as.pw_gid)
    cluster = Cluster(programs, folder, durable=durable)
    try:
        cluster.make()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _content(migrations: Path) -> str:
    """Return what tells one folder of migrations from another; nothing for an empty one."""
    files = sorted(migrations.glob("*.sql"))
    told = "".join(f"{path.name}\n{path.read_text()}\n" for path in files)
    return hashlib.sha256(told.encode()).hexdigest() if files else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

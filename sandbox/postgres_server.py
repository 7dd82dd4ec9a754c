"""A private PostgreSQL from an installed server's programs, gone with whoever asked for it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Iterator

USER: Final = "muybridge"
SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - only where nobody else may look

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


class NoServerError(Exception):
    """No PostgreSQL server is installed on this machine."""

    def __init__(self) -> None:
        super().__init__("no PostgreSQL server is installed here (Debian: apt install postgresql)")


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


class PostgresServer:
    """A server of its own on a free port of loopback, which lets everybody in.

    A durable one waits for the disk, as an operator's does; another is faster, and loses
    nothing either unless the machine itself stops.
    """

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._log = folder / "log"
        self._durable = durable
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
            if done.returncode:
                raise RuntimeError(output.read().decode(errors="replace"))

    def url(self, name: str, *, port: int | None = None) -> str:
        """Return the address of a database, on another port when a proxy stands before it."""
        return f"postgresql://{USER}:not-a-secret@127.0.0.1:{port or self.port}/{name}"

    async def new_database(self, name: str) -> str:
        """Make a database without any tables; return its address."""
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            await admin.execute(f"CREATE DATABASE {name}")
        finally:
            await admin.close()
        return self.url(name)

    def dump(self, name: str, target: Path) -> None:
        """Write a database's tables and rows down, as SQL."""
        where = ("--host=127.0.0.1", f"--port={self.port}", f"--username={USER}")
        with target.open("wb") as out:
            subprocess.run(  # noqa: S603 - the installed server's own program
                [str(self._programs / "pg_dump"), *where, name], stdout=out, check=True
            )

    @classmethod
    @contextmanager
    def started(cls, *, durable: bool = False) -> Iterator[Self]:
        """Start a server, and stop it in the end. Raises NoServerError."""
        programs = binaries()
        if programs is None:
            raise NoServerError
        fast = SHARED_MEMORY if SHARED_MEMORY.is_dir() and not durable else None
        folder = Path(tempfile.mkdtemp(prefix="muybridge-pg-", dir=fast))
        runs_as = owner()
        if runs_as is not None:
            os.chown(folder, runs_as.pw_uid, runs_as.pw_gid)
        server = cls(programs, folder, durable=durable)
        try:
            server.make()
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop()
            shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

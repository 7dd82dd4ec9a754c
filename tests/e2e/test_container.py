"""The files of the image, without root and with nothing to write to but data, take an order."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.flood import free_port
from sandbox.bot_process import ROOT
from tests.e2e import forward
from tests.e2e.container import APP, DATA, UID, container, copied, why_not
from tests.e2e.stage import PATIENCE_S, animate, books, ended, open_studio, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.studio import Studio


def status_of(pid: int) -> dict[str, str]:
    """Read what Linux says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def writable(pid: int) -> set[str]:
    """List where a process's file systems can be written, leaving out the kernel's own."""
    mounts = Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines()
    found = {line.split()[4] for line in mounts if "rw" in line.split()[5].split(",")}
    return {path for path in found if not path.startswith(("/proc", "/dev"))}


def health_check(prefix: Sequence[str], port: int) -> int:
    """Run the Dockerfile's own check in the container; return its exit code."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    match = re.search(r"^HEALTHCHECK .*\n +CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert match is not None
    program, *arguments = json.loads(match[1])
    assert program == "python"
    command = (*prefix, sys.executable, *arguments)
    environment = {"HTTP_PORT": str(port), "PATH": "/usr/bin:/usr/sbin:/bin:/sbin"}
    ran = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, check=False, timeout=PATIENCE_S
    )
    return ran.returncode


async def one_video(studio: Studio) -> None:
    """Let the order end, with one video that was paid once."""
    ending = await ended(studio, studio.discord.person("Alice"))
    assert (len(ending.videos), ending.notices) == (1, ())
    kept = await books(studio)
    assert (kept.orders, kept.wrong, kept.charged) == (1, (), 4)


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is Linux's")
async def test_without_root_and_on_a_read_only_file_system_an_order_goes_through(
    tmp_path: Path,
) -> None:
    if reason := why_not(tmp_path):
        pytest.skip(reason)
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    within = container(copied(tmp_path / "app"), data)
    async with open_studio(
        data,
        within=(sys.executable, forward.__file__, *within),
        program=APP / "bot.py",
        DATABASE_URL=f"sqlite:///{DATA}/muybridge.db",
        MEDIA_DIR=str(DATA / "media"),
        HTTP_PORT=str(port),
    ) as studio:
        (outside,) = forward.children_of(studio.bot.pid or 0)
        (pid,) = forward.children_of(outside)
        status = status_of(pid)
        assert status["Uid"].split()[0] != "0"
        assert {status[each] for each in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}
        assert status["NoNewPrivs"] == "1"
        assert writable(pid) == {str(DATA), "/tmp"}
        await animate(studio.discord.person("Alice"), image=("cup.webp", picture("WEBP")))
        async with asyncio.timeout(PATIENCE_S):
            while await asyncio.to_thread(health_check, within, port) != 0:
                continue  # discord.py takes its time until it calls itself ready
        await one_video(studio)
        assert await asyncio.to_thread(health_check, within, port) != 0


def test_the_image_has_the_files_that_the_bot_needs_and_no_others(tmp_path: Path) -> None:
    app = copied(tmp_path / "app")
    names = {path.name for path in app.iterdir()}
    assert {"bot.py", "settings.py", "cogs", "storage", "LICENSE"} <= names
    assert names & {"tests", "sandbox", "bench", ".env", ".git", "Makefile"} == set()
    assert list((app / "storage" / "migrations").glob("*.sql"))
    assert list((app / "cogs" / "locales").glob("*.po"))
    assert f"USER {UID}:{UID}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")

"""`python -m sandbox`: opens the page for a person, until Ctrl+C."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp

from sandbox.bot_process import ROOT
from tests.e2e.stage import PATIENCE_S

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator


@asynccontextmanager
async def sandbox(*arguments: str) -> AsyncIterator[Process]:
    """Run it; whatever happens, it does not outlive the test."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def address_of(process: Process) -> str:
    """Read what it prints until it names its page."""
    assert process.stdout is not None
    async for line in process.stdout:
        found = re.search(rb"Open (http://127\.0\.0\.1:\d+/)", line)
        if found is not None:
            return found[1].decode()
    raise AssertionError("it named no page")


async def test_it_serves_its_page_until_it_is_interrupted() -> None:
    async with sandbox("--port", "0") as process:
        address = await address_of(process)
        async with aiohttp.ClientSession() as session, session.get(address) as page:
            assert page.status == 200
            assert "Muybridge Studio" in await page.text()
        process.send_signal(signal.SIGINT)
        _, complaints = await process.communicate()
        assert (process.returncode, complaints) == (0, b"")


async def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with sandbox("--port", str(port)) as process:
            _, complaints = await process.communicate()
    assert process.returncode == 1
    assert re.match(rb"The sandbox ended: .*[Aa]ddress already in use", complaints)
    assert b"Traceback" not in complaints


async def test_arguments_that_it_does_not_know_are_said() -> None:
    async with sandbox("dance") as process:
        _, complaints = await process.communicate()
    assert process.returncode == 2
    assert b"choose from" in complaints

"""A lab round the emulated vendor, with nothing drawn unless a test says so."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox.akool_api.settings import VendorSettings
from tests.fake_clock import FakeClock
from tests.sandbox.akool.lab import Lab, Outside, emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager


@asynccontextmanager
async def _opened(settings: VendorSettings) -> AsyncIterator[Lab]:
    clock, outside = FakeClock(), Outside()
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(TestServer(outside.app()))
        outside.base = str(host.make_url("")).rstrip("/")
        session = await stack.enter_async_context(aiohttp.ClientSession())
        vendor = emulator(clock, settings)
        base = await vendor.start()
        stack.push_async_callback(vendor.close)
        yield Lab(vendor, clock, outside, session, base)


@pytest.fixture
def open_lab() -> Callable[..., AbstractAsyncContextManager[Lab]]:
    """Open a lab with other settings; nothing is drawn unless they say so."""
    return lambda **other: _opened(replace(VendorSettings(drawing=False), **other))


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with _opened(VendorSettings(drawing=False)) as opened:
        yield opened

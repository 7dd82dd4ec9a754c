"""Starts and stops the HTTP face on its address."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from web.doors import Doors

logger = logging.getLogger(__name__)


@asynccontextmanager
async def listening(doors: Doors, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the block ends; yields the port in use (port 0 takes a free one).

    Raises OSError when the address is taken.
    """
    runner = web.AppRunner(make_app(doors), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = int(runner.addresses[0][1])
        logger.info("health and metrics are at http://%s:%s", host, bound)
        yield bound
    finally:
        await runner.cleanup()

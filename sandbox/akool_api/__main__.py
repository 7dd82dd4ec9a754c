"""Run the emulated vendor alone, for tools that speak to it from outside."""

from __future__ import annotations

import argparse
import asyncio
import random
import signal

from jobs.clock import SystemClock
from sandbox.akool_api.app import AkoolEmulator
from sandbox.akool_api.settings import VendorSettings


async def _run(arguments: argparse.Namespace) -> None:
    settings = VendorSettings(
        drawing=not arguments.no_drawing,
        queue_seconds=arguments.queue_seconds,
        render_seconds=arguments.render_seconds,
        balance=arguments.balance,
    )
    emulator = AkoolEmulator(clock=SystemClock(), rng=random.SystemRandom(), settings=settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    base = await emulator.start(arguments.host, arguments.port)
    print(f"AKOOL_BASE_URL={base}", flush=True)
    print(f"AKOOL_CLIENT_ID={settings.client_id}", flush=True)
    print(f"AKOOL_API_KEY={settings.client_secret}", flush=True)
    await stop.wait()
    await emulator.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.akool_api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--no-drawing", action="store_true", help="a tiny file for every clip")
    parser.add_argument("--queue-seconds", type=float, default=0)
    parser.add_argument("--render-seconds", type=float, default=0)
    parser.add_argument("--balance", type=int, default=100_000)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))

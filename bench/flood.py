"""Flood the webhook of the bot's process with rubbish, and see what it answers and what it holds.

`python -m bench.flood` prints how many posts a second one process turns away, how much longer an
order takes meanwhile, and what memory, open files and the database's file do. Both worlds and the
flood share the machine with the bot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.ack import photo
from sandbox.akool_api.settings import VendorSettings
from sandbox.studio import Studio, StudioSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOST: Final = "127.0.0.1"
LINES: Final = 200
"""Connections that post at the same time."""

ORDERS: Final = 5
ORDER_S: Final = 120.0

_ANSWER: Final = b"HTTP/1.1 "


def rubbish(count: int) -> Iterator[bytes]:
    """Make up requests: bytes, bad JSON, well-formed messages with a signature that is wrong."""
    dice = random.Random(7)  # noqa: S311 - it has to repeat
    kinds = (
        dice.randbytes(200),
        b'{"signature": ',
        json.dumps({"signature": "0" * 40, "dataEncrypt": "A" * 344}).encode(),
        json.dumps(
            {"signature": "f" * 40, "dataEncrypt": "QUJD" * 90, "timestamp": 1, "nonce": "2"}
        ).encode(),
    )
    for number in range(count):
        body = kinds[number % len(kinds)]
        head = (
            f"POST /akool/{dice.getrandbits(128):032x} HTTP/1.1\r\nHost: {HOST}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def _line(port: int, requests: Sequence[bytes], ahead: int) -> Counter[int]:
    """Post over one connection, so many at once without waiting; return the answers."""
    reader, writer = await asyncio.open_connection(HOST, port)
    found: Counter[int] = Counter()
    try:
        for start in range(0, len(requests), ahead):
            several = requests[start : start + ahead]
            writer.write(b"".join(several))
            for _ in several:
                head = await reader.readuntil(b"\r\n\r\n")
                status = head.removeprefix(_ANSWER)[:3]
                await reader.readexactly(_length(head))
                found[int(status)] += 1
    finally:
        writer.close()
    return found


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


async def flood(port: int, count: int, *, lines: int = LINES, ahead: int = 1) -> Counter[int]:
    """Post that much rubbish as fast as it is answered; return how often which status came."""
    requests = list(rubbish(count))
    shares = [requests[number::lines] for number in range(lines)]
    answered = await asyncio.gather(*(_line(port, share, ahead) for share in shares if share))
    return sum(answered, Counter())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a process holds: bytes of memory, open files; and bytes of the database with its log."""

    memory: int
    files: int
    database: int


def held(pid: int, database: Path) -> Held:
    """Read it, as Linux tells it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    _, _, rest = status.partition("VmRSS:")
    beside = (database, database.with_name(database.name + "-wal"))
    return Held(
        memory=int(rest.split()[0]) * 1024,
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        database=sum(path.stat().st_size for path in beside if path.exists()),
    )


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


async def order(studio: Studio) -> float:
    """Order one clip; return the seconds until its video is up."""
    alice = studio.discord.person("Alice")

    def videos() -> int:
        return sum(file.name.endswith(".mp4") for seen in alice.read() for file in seen.files)

    began, before = time.perf_counter(), videos()
    await alice.slash("animate", image=photo(), prompt="a slow push in")
    await studio.discord.pulse.until(lambda: True if videos() > before else None, ORDER_S)
    return time.perf_counter() - began


async def orders(studio: Studio, count: int) -> float:
    """Order one clip after another; return the seconds that one took, half of them less."""
    return statistics.median([await order(studio) for _ in range(count)])


async def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description="Flood the webhook of the bot's process.")
    parser.add_argument("--posts", type=int, default=60_000, help="how many in all")
    posts, port = parser.parse_args().posts, free_port()
    variables = {
        "HTTP_PORT": str(port),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "AKOOL_CLIENT_ID": VendorSettings().client_id,
        "DEFAULT_ALLOWANCE": "5000",
        "POLL_SECONDS": "0.2",
    }
    settings = StudioSettings(vendor=VendorSettings(drawing=False), variables=variables)
    with tempfile.TemporaryDirectory() as folder:
        async with Studio(Path(folder), settings) as studio:
            await order(studio)  # the process's parts are all loaded then
            alone = await orders(studio, ORDERS)
            await flood(port, posts // 10)
            before = held(studio.bot.pid or 0, studio.database)
            print(f"before: {before}", flush=True)
            began = time.perf_counter()
            flooding = asyncio.create_task(flood(port, posts))
            meanwhile = await orders(studio, ORDERS)
            answered, seconds = await flooding, time.perf_counter() - began
            print(f"after:  {held(studio.bot.pid or 0, studio.database)}")
            print(f"{posts / seconds:.0f} posts a second, answered with {dict(answered)}")
            print(f"an order takes {alone:.2f} s alone, {meanwhile:.2f} s in the flood")


if __name__ == "__main__":
    asyncio.run(main())

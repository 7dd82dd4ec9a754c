"""`python -m sandbox`: everything offline, kept open for a person; `demo` plays one story."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

try:
    from sandbox.demo import demo
    from sandbox.discord_api.world import Setting
    from sandbox.studio import BotDiedError, Studio, StudioSettings
except ImportError as error:
    sys.exit(f"The environment is not whole: {error}. `make clean demo` sets it up anew.")

PAGE_PORT: Final = 8765
INTERRUPTED: Final = 130
"""What a shell returns for a command that Ctrl+C ended."""

GUIDE: Final = """\
  Type /animate, attach a picture, and press the buttons. “Viewing as” makes you a
  member or a moderator. Nothing here is real but the video, and all of it is gone
  at the end. The bot's log: {log}
  Ctrl+C ends it."""


async def keep_open(port: int, locale: str) -> int:
    """Run everything until Ctrl+C; say where the page is."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print("Starting a Discord and an Akool on this machine, and the bot between them …", flush=True)
    with tempfile.TemporaryDirectory(prefix="muybridge-sandbox-") as folder:
        try:
            settings = StudioSettings(port=port, setting=Setting(locale=locale))
            async with Studio(Path(folder), settings) as studio:
                print(f"\n  Open {studio.discord.page_url}\n", flush=True)
                print(GUIDE.format(log=studio.bot.log), flush=True)
                await studio.while_alive(stop.wait())
        except (BotDiedError, OSError) as error:
            print(f"The sandbox ended: {error}", file=sys.stderr)
            return 1
    return 0


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["open", "demo"], default="open")
    parser.add_argument("--port", type=int, default=PAGE_PORT, help="of the page; 0 takes any")
    parser.add_argument(
        "--language", default="en-US", help="of the server and its members, as Discord names it"
    )
    chosen = parser.parse_args()
    try:
        return asyncio.run(
            demo() if chosen.what == "demo" else keep_open(chosen.port, chosen.language)
        )
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())

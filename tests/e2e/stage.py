"""What the stories share: studios with a quick vendor, how orders end, and the books after."""

from __future__ import annotations

import functools
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from sandbox.akool_api.settings import VendorSettings
from sandbox.bot_process import ROOT
from sandbox.discord_api.cdn import CDN_PATH
from sandbox.studio import Studio, StudioSettings
from storage.audit import audit
from storage.opening import Address
from tests.openapi import description_path, findings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp.typedefs import Middleware

    from sandbox.discord_api.answers import Answer
    from sandbox.discord_api.seen import Seen
    from sandbox.discord_api.world import Setting
    from sandbox.people import Person
    from storage.database import Rows, Transaction

BOT: Final = ROOT / "bot.py"
PATIENCE_S: Final = 60.0
"""The most that anything here waits for; what goes well takes a second or two."""

PROMPT: Final = "A slow push in on the cup, steam rising"
QUICK: Final = VendorSettings(drawing=False)
"""Every clip is the same tiny file, so that nothing is waited for."""

FAST: Final = {"POLL_SECONDS": "0.05"}


@functools.cache
def photo() -> tuple[str, bytes]:
    """Make a small JPEG, once."""
    return "cup.jpg", picture("JPEG")


def picture(
    kind: str, *, exif: Image.Exif | None = None, size: tuple[int, int] = (640, 360)
) -> bytes:
    """Make a picture of two colours, the left half red, in that format."""
    image = Image.new("RGB", size, (30, 60, 200))
    image.paste((220, 40, 30), (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, kind, **({} if exif is None else {"exif": exif}))
    return written.getvalue()


@asynccontextmanager
async def open_studio(
    folder: Path,
    *middlewares: Middleware,
    vendor: VendorSettings = QUICK,
    setting: Setting | None = None,
    bot_starts: bool = True,
    program: Path = BOT,
    within: tuple[str, ...] = (),
    **variables: str,
) -> AsyncIterator[Studio]:
    """Open a studio; at its end look at what the bot sent and wrote, and who complained of it."""
    chosen = StudioSettings(
        vendor=vendor,
        setting=setting,
        variables=FAST | variables,
        middlewares=middlewares,
        bot_starts=bot_starts,
        program=program,
        within=within,
    )
    async with Studio(folder, chosen) as studio:
        yield studio
    assert studio.akool.complaints == []
    assert described(studio) == []
    assert leaks(studio) == []


def described(studio: Studio) -> list[str]:
    """Return what Discord's description has against the bot's requests, if it is here."""
    return findings(studio.discord.requests) if description_path() else []


def leaks(studio: Studio) -> list[str]:
    """Return the lines of the bot's log with a secret, a prompt or a link in them."""
    secrets = (
        studio.bot.settings["DISCORD_TOKEN"],
        studio.akool.settings.client_secret,
        "simcord_interaction_",  # how the sandbox's interaction tokens begin
        CDN_PATH,
        "/files/",
        PROMPT,
    )
    lines = studio.bot.log.read_text().splitlines() if studio.bot.log.exists() else []
    return [line for line in lines if any(secret in line for secret in secrets)]


# --- what a person does and sees --------------------------------------------------------------


async def animate(person: Person, /, *, channel: str = "studio", **options: Any) -> Answer:  # noqa: ANN401
    """Type /animate with a photograph; other options as given."""
    asked = {"image": photo(), "prompt": PROMPT} | options
    return await person.slash("animate", channel=channel, **asked)


async def spendable(person: Person, *, channel: str = "studio") -> int:
    """Ask for the wallet, and read what can be spent."""
    seen = await person.answered(await person.slash("credits", channel=channel))
    digits = "".join(each for each in seen.text.partition("now")[0] if each.isdecimal())
    return int(digits)


def is_video(seen: Seen) -> bool:
    """Tell whether a message is a result."""
    return seen.by_bot and any(file.name.endswith(".mp4") for file in seen.files)


def is_notice(seen: Seen) -> bool:
    """Tell whether a message says that an order brought nothing."""
    return seen.by_bot and not seen.private_to and "no video came of order" in seen.text


def is_card(seen: Seen) -> bool:
    """Tell whether a message is an order's card."""
    return seen.by_bot and not seen.private_to and seen.text.startswith("**Order #")


def is_finished(seen: Seen) -> bool:
    """Tell whether a message is a card that has shrunk to one line."""
    return is_card(seen) and "\n" not in seen.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What stands in a channel once nothing more is to come."""

    videos: tuple[Seen, ...]
    notices: tuple[Seen, ...]
    cards: tuple[Seen, ...]


async def ended(
    studio: Studio, person: Person, *, channel: str = "studio", videos: int = 1
) -> Ending:
    """Wait until nothing thinks, every card has shrunk, and the videos or a notice are there.

    Raises:
        TimeoutError: it did not come to that; the transcript is in the message.

    """

    def look() -> Ending | None:
        seen = person.read(channel)
        ending = Ending(
            videos=tuple(filter(is_video, seen)),
            notices=tuple(filter(is_notice, seen)),
            cards=tuple(filter(is_card, seen)),
        )
        waiting = any(each.thinking for each in seen)
        came = len(ending.videos) >= videos or ending.notices
        done = came and all(map(is_finished, ending.cards))
        return ending if done and not waiting else None

    try:
        return await studio.discord.pulse.until(look, PATIENCE_S)
    except TimeoutError:
        read = "\n".join(studio.discord.transcript(channel))
        raise TimeoutError(f"it did not end:\n{read}\n{studio.bot.last_words(8)}") from None


# --- the books --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the bot's database says, credits; `wrong` is what does not add up in it."""

    orders: int
    clips: tuple[str, ...]
    charged: int
    held: int
    house: int
    wrong: tuple[str, ...]


async def books(studio: Studio) -> Books:
    """Stop the bot, which must end well, and read its database."""
    assert await studio.bot.stop() == 0
    return await account(studio)


async def account(studio: Studio, person: Person | None = None) -> Books:
    """Read the database beside a bot that may be running; of one person's, if one is named.

    `wrong` is about everybody in any case.
    """
    whose = None if person is None else person.id
    async with database_of(studio).opened() as database:
        wrong = await audit(database)
        orders = await database.read(_rows, _ORDERS, whose)
        clips = await database.read(_rows, _CLIPS, whose)
        (sums,) = await database.read(_rows, _ENTRIES, whose)
    return Books(
        orders=orders[0]["orders"],
        clips=tuple(row["state"] for row in clips),
        charged=sums["charged"],
        held=sums["held"],
        house=sums["house"],
        wrong=tuple(wrong),
    )


def database_of(studio: Studio) -> Address:
    """Say where the bot's database is, whichever of the two it is."""
    url = studio.bot.settings["DATABASE_URL"]
    return Address(sqlite=studio.database if url.startswith("sqlite") else None, url=url)


def _rows(sql: str, whose: int | None) -> Transaction[Rows]:
    return (yield sql, (whose,))


_MINE: Final = "(CAST($1 AS BIGINT) IS NULL OR user_id = $1)"
_ORDERS: Final = f"SELECT COUNT(*) AS orders FROM orders WHERE {_MINE}"  # noqa: S608 - constants
_CLIPS: Final = f"SELECT state FROM clips WHERE {_MINE} ORDER BY id"  # noqa: S608
_ENTRIES: Final = f"""
    SELECT COALESCE(SUM(charged), 0) AS charged, COALESCE(SUM(held), 0) AS held,
      COALESCE(SUM(house), 0) AS house
    FROM entries WHERE {_MINE}"""  # noqa: S608


def stored_videos(studio: Studio) -> list[Path]:
    """List the videos in the bot's media store."""
    return sorted((studio.folder / "media").rglob("*.mp4"))

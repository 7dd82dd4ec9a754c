"""`python bot.py check`: tries every setting against the real services and says what is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import aiohttp
import discord

from akool.client import AkoolClient
from akool.errors import AkoolError
from choices import address_of
from media.worker import MediaWorker
from settings import SettingsError
from storage import migrate
from storage.database import StorageError
from storage.opening import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from akool.credentials import Credentials
    from settings import Settings

PATIENCE: Final = aiohttp.ClientTimeout(total=20)

Finding = tuple[bool, str]
"""Whether it is well, and one sentence about it."""


async def check_everything(settings: Settings, credentials: Credentials) -> AsyncIterator[Finding]:
    """Yield a finding for each thing that the bot needs; nothing is spent and nothing is posted."""
    yield await _database(settings)
    yield _media(settings)
    yield await _codecs()
    async for finding in _discord(settings):
        yield finding
    async with aiohttp.ClientSession() as session:
        akool = AkoolClient(session, settings.akool_base_url, credentials)
        async for finding in _akool(akool, settings):
            yield finding
        if settings.public_url is not None:
            yield await _public(session, settings.public_url)


async def _database(settings: Settings) -> Finding:
    place = settings.sqlite_path or "on PostgreSQL"
    try:
        async with address_of(settings).opened() as database:
            await migrate.pending(database, MIGRATIONS)
    except SettingsError as error:
        return False, f"{error}."
    except StorageError as error:
        return False, f"DATABASE_URL: {error}."
    return True, f"The database {place} can be opened."


def _media(settings: Settings) -> Finding:
    folder = settings.media_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return False, f"MEDIA_DIR: {folder} can't be made: {error.strerror}."
    if not os.access(folder, os.W_OK):
        return False, f"MEDIA_DIR: {folder} can't be written to."
    return True, f"The media folder {folder} can be written to."


async def _codecs() -> Finding:
    """Try what videos need: some builds of PyAV come without H.264."""
    async with MediaWorker() as worker:
        missing = await worker.missing_codecs()
    if missing:
        return False, f"PyAV lacks {', '.join(missing)}: install the wheel from requirements.lock."
    return True, "Videos can be looked into and made smaller."


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        await client.login(settings.discord_token)
        info = await client.application_info()
    except discord.LoginFailure:
        yield False, "DISCORD_TOKEN: Discord does not know this token; copy it again or reset it."
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        yield False, f"Discord can't be reached: {type(error).__name__}."
    else:
        yield True, f"Discord knows the bot as {info.name}."
        if info.bot_public and settings.guilds is None:
            yield (
                False,
                (
                    "GUILDS is * and the bot is public: anyone can add it and spend your credits; "
                    "set GUILDS, or turn “Public Bot” off in Discord's developer portal."
                ),
            )
    finally:
        await client.close()


async def _akool(akool: AkoolClient, settings: Settings) -> AsyncIterator[Finding]:
    try:
        balance = await akool.balance()
        models = await akool.models()
    except AkoolError as error:
        yield False, f"Akool: {error}."
        return
    yield True, f"Akool lets us in; the balance is {balance.credits} credits."
    names = {name for model in models for name in (model.value, model.label)}
    yield bool(models), f"Akool offers {len(models)} models."
    if settings.default_model is not None and settings.default_model not in names:
        yield False, f"DEFAULT_MODEL: {settings.default_model} is not on Akool's list."


async def _public(session: aiohttp.ClientSession, public_url: str) -> Finding:
    """Ask the public address for the bot's own health; the bot has to be running for that."""
    address = f"{public_url.rstrip('/')}/healthz"
    try:
        async with session.get(address, timeout=PATIENCE) as answer:
            body = await answer.content.read(1000)
    except (aiohttp.ClientError, TimeoutError) as error:
        return False, f"PUBLIC_URL: {public_url} can't be reached: {type(error).__name__}."
    if b'"gateway"' not in body:
        return False, f"PUBLIC_URL: {public_url} is answered, but not by this bot; is it running?"
    return True, f"PUBLIC_URL: {public_url} leads to this bot."

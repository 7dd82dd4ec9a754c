"""The menu **Animate** on a message: its pictures and a sentence become an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import discord
from discord import app_commands
from discord.http import Route

from cogs import form_words, forms
from cogs.admission import admit
from cogs.client import DISCORD
from cogs.where import client_of, member_of
from jobs.asking import Animate, Upload
from jobs.errors import NoPictures, NoReuse
from jobs.forms import MOST_PICTURES, FormKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cogs.client import Muybridge, Services
    from jobs.model import Member

_DISCORDS: Final = (".discordapp.net", ".discordapp.com")
"""Where Discord's proxy and its store of attachments are. Nothing else is ever fetched: a link in
a message leads wherever its author likes."""


async def animate(interaction: discord.Interaction, message: discord.Message) -> None:
    """Ask for a sentence about the pictures of a message."""
    services = client_of(interaction).services
    found = tuple(dict.fromkeys(pictures_in(message)))
    uploads = found[:MOST_PICTURES]
    if not uploads:
        raise NoPictures
    async with forms.in_time():
        await admit(interaction, private=False)
        member = await member_of(interaction)
        rules = await services.ordering.rules(member.guild_id)
        if not rules.reuse and not await _is_own(services, message, member):
            raise NoReuse
        form = await services.forms.open(FormKind.MENU, member, Animate(prompt=""), uploads)
    more = len(found) > len(uploads)
    hint = form_words.MENU_FIRST(n=MOST_PICTURES) if more else ""
    await forms.show(interaction, form, hint)


async def _is_own(services: Services, message: discord.Message, member: Member) -> bool:
    """Tell whether a member wrote a message, or ordered what the bot shows in it."""
    if message.author.id == member.user_id:
        return True
    return await services.browsing.is_of(message.id, member)


def pictures_in(message: discord.Message) -> Iterator[Upload]:
    """Return the pictures of a message, and of what it forwards, in the order of reading."""
    told: tuple[discord.Message | discord.MessageSnapshot, ...]
    told = (message, *message.message_snapshots)
    for one in told:
        for attachment in one.attachments:
            if _may_be_picture(attachment.content_type, attachment.width):
                yield Upload(link=attachment.url, name=attachment.filename, size=attachment.size)
        for embed in one.embeds:
            yield from _proxied(embed.image.proxy_url, embed.thumbnail.proxy_url)
        yield from _in_components(one.components)


def _in_components(components: Iterable[Any]) -> Iterator[Upload]:
    """Find the pictures of Components V2, however deep they stand."""
    for one in components:
        if isinstance(one, discord.MediaGalleryComponent):
            for item in one.items:
                yield from _of_media(item.media)
        elif isinstance(one, discord.ThumbnailComponent):
            yield from _of_media(one.media)
        elif isinstance(one, discord.SectionComponent):
            yield from _in_components((one.accessory,))
        elif isinstance(one, discord.Container):
            yield from _in_components(one.children)


def _of_media(media: discord.UnfurledMediaItem) -> Iterator[Upload]:
    if _may_be_picture(media.content_type, media.width):
        yield from _proxied(media.proxy_url)


def _may_be_picture(content_type: str | None, width: int | None) -> bool:
    """Tell what is worth looking at; what it really is shows when it is checked."""
    if content_type is None:
        return width is not None
    return content_type.startswith("image/")


def _proxied(*links: str | None) -> Iterator[Upload]:
    for link in links:
        if link and _is_discords(link):
            yield Upload(link=link, name=urlsplit(link).path.rpartition("/")[2], size=0)


def _is_discords(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (parts.scheme == "https" and host.endswith(_DISCORDS)) or _is_stand_in(host)


def _is_stand_in(host: str) -> bool:
    """Tell whether that is the Discord that stands in for the real one (`DISCORD_API_BASE`)."""
    return Route.BASE != DISCORD and host == urlsplit(Route.BASE).hostname


async def setup(bot: Muybridge) -> None:
    """Add the menu."""
    bot.tree.add_command(app_commands.ContextMenu(name=form_words.MENU_ANIMATE, callback=animate))

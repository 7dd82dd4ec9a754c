"""Hand cards, videos and notices over to Discord with the bot's own token, each exactly once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import discord

from cogs import posts
from cogs.client import name_of
from cogs.faults import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, posting
from cogs.language import speaking
from cogs.operator import Operator
from cogs.results import card_buttons, channel_buttons, clip_buttons, notice_buttons, pause_buttons
from cogs.searching import Wanted, search
from cogs.sending import Outgoing, card_name, send_once
from jobs.ids import code
from jobs.ports import CannotLook, MessageKind, MessageRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from discord.ui import View

    from jobs.catalogue import Catalogue
    from jobs.model import Clip, Order
    from jobs.parcels import Parcel
    from jobs.ports import Clock, FittedVideo
    from jobs.progress import Progress

SEARCH_PATIENCE_S: Final = 120.0

_NEVER_DIRECT: Final = frozenset({MessageKind.CARD, MessageKind.SHARE})
"""Messages that stand in the order's channel or nowhere."""


class DiscordCourier:
    """Fits `jobs.ports.Courier`. The client has to be logged in; a gateway is not needed."""

    def __init__(self, client: discord.Client, catalogue: Catalogue, clock: Clock) -> None:
        self._client = client
        self._catalogue = catalogue
        self._operator = Operator(client, clock)

    def _naming(self, model: str) -> str:
        return name_of(self._catalogue, model)

    async def post_card(
        self, order: Order, progress: Progress, pictures: Sequence[Path]
    ) -> MessageRef:
        """Post an order's card, with its pictures in order when only the card can serve them."""
        names = [card_name(number, path) for number, path in enumerate(pictures, 1)]
        with speaking(order.place.guild_locale):
            text, view = self._card(order, progress)
        async with posting():
            return await self._send(
                order.place.channel_id,
                text,
                view=view,
                files=list(zip(pictures, names, strict=True)),
                nonce=f"c{order.id}",
            )

    async def post_parcel(self, order: Order, parcel: Parcel, files: Sequence[Path]) -> MessageRef:
        """Post files that go ahead of a card, or of the message for moderators; pings nobody."""
        names = [card_name(number, path) for number, path in enumerate(files, parcel.first)]
        with speaking(order.place.guild_locale):
            text = posts.parcel(parcel)
        async with posting():
            return await self._send(
                parcel.channel_id,
                text,
                view=None,
                files=list(zip(files, names, strict=True)),
                nonce=f"p{parcel.order_id}-{parcel.number}",
            )

    async def find_parcel(self, order: Order, parcel: Parcel, since: int) -> MessageRef | None:
        """Look through the parcel's channel. Raises CannotLook, PostFailed(LATER)."""
        channel = self._client.get_partial_messageable(
            parcel.channel_id, guild_id=order.member.guild_id
        )
        wanted = Wanted(heads=posts.parcel_heads(parcel))
        async with posting(SEARCH_PATIENCE_S):
            return await search(self._client, channel, wanted, since)

    def _card(self, order: Order, progress: Progress) -> tuple[str, View | None]:
        return posts.card(order, progress, self._naming), card_buttons(order, progress)

    async def edit_card(self, order: Order, progress: Progress) -> bool:
        """Redraw a card; False when it, or its channel, is gone."""
        if order.card_channel_id is None or order.card_message_id is None:
            return False
        card = self._client.get_partial_messageable(order.card_channel_id).get_partial_message(
            order.card_message_id
        )
        with speaking(order.place.guild_locale):
            text, view = self._card(order, progress)
        async with posting():
            try:
                await card.edit(
                    content=text,
                    view=view,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except discord.NotFound:
                return False
        return True

    async def post_clip(
        self, order: Order, clip: Clip, video: FittedVideo | None, *, direct: bool
    ) -> MessageRef:
        """Post a finished clip; the first of an order mentions the asker, unless it is direct."""
        shown = replace(clip, spoiler=clip.spoiler and not direct)
        with speaking(_language(order, direct=direct)):
            text = posts.result(order, shown, video, self._naming, direct=direct)
            view = (clip_buttons if direct else channel_buttons)(order, clip)
        async with posting():
            return await self._send(
                (await self._direct(order)).id if direct else order.place.channel_id,
                text,
                view=view,
                files=[] if video is None else [(video.path, file_name(order, shown))],
                nonce=str(clip.id),
                mention=order.member.user_id if clip.mention and not direct else None,
            )

    async def post_shared(self, order: Order, clip: Clip, video: FittedVideo | None) -> MessageRef:
        """Post a private clip in its order's channel, because its owner shares it; pings nobody."""
        with speaking(order.place.guild_locale):
            text = posts.shared(order, clip, video, self._naming)
            view = channel_buttons(order, clip)
        async with posting():
            return await self._send(
                order.place.channel_id,
                text,
                view=view,
                files=[] if video is None else [(video.path, file_name(order, clip))],
                nonce=f"s{clip.id}",
            )

    async def post_notice(self, order: Order, *, direct: bool) -> MessageRef:
        """Tell the asker, by name, what did not come of an order and was not charged."""
        with speaking(_language(order, direct=direct)):
            text, view = posts.notice(order, direct=direct), notice_buttons(order)
        async with posting():
            return await self._send(
                (await self._direct(order)).id if direct else order.place.channel_id,
                text,
                view=view,
                files=[],
                nonce=f"n{order.id}",
                mention=None if direct else order.member.user_id,
            )

    async def post_pause(self, order: Order) -> MessageRef:
        """Tell the asker directly that an order waits, because moderators paused the bot."""
        with speaking(_language(order, direct=True)):
            text, view = posts.waiting(order), pause_buttons(order.id)
        async with posting():
            return await self._send(
                (await self._direct(order)).id,
                text,
                view=view,
                files=[],
                nonce=f"w{order.id}",
            )

    async def _send(
        self,
        channel_id: int,
        text: str,
        *,
        view: View | None,
        files: Sequence[tuple[Path, str]],
        nonce: str,
        mention: int | None = None,
    ) -> MessageRef:
        """Post once, wherever that is."""
        message = Outgoing(text=text, view=view, files=files, nonce=nonce, mention=mention)
        return await send_once(self._client, channel_id, message)

    def _channel(self, order: Order) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(
            order.place.channel_id, guild_id=order.member.guild_id
        )

    async def _direct(self, order: Order) -> discord.DMChannel:
        return await self._client.create_dm(discord.Object(order.member.user_id))

    async def find(
        self, order: Order, kind: MessageKind, clip_id: int | None, since: int
    ) -> MessageRef | None:
        """Look where the message may be: the channel, and direct messages it may have fallen to.

        In a channel that is gone for good nothing is up. Raises CannotLook, PostFailed(LATER).
        """
        wanted = Wanted.of(order, kind, clip_id)
        async with posting(SEARCH_PATIENCE_S):
            found, blind = None, False
            private = order.options.private and kind is not MessageKind.SHARE
            if not private and kind is not MessageKind.PAUSE:
                try:
                    found = await search(self._client, self._channel(order), wanted, since)
                except CannotLook:
                    blind = True
            if found is None and kind not in _NEVER_DIRECT:
                found = await self._search_direct(order, wanted, since)
        if found is None and blind:
            raise CannotLook(f"channel {order.place.channel_id} can't be read")
        return found

    async def _search_direct(self, order: Order, wanted: Wanted, since: int) -> MessageRef | None:
        try:
            channel = await self._direct(order)
        except (discord.NotFound, discord.Forbidden):
            return None  # No direct message was ever possible, so none is there.
        return await search(self._client, channel, wanted, since)

    async def fresh_links(self, message: MessageRef) -> tuple[str, ...]:
        """Read a message again for the fresh links of its files; none where it can't be read."""
        channel = self._client.get_partial_messageable(message.channel_id)
        async with posting():
            try:
                found = await channel.fetch_message(message.message_id)
            except (discord.NotFound, discord.Forbidden):
                return ()
        return tuple(attachment.url for attachment in found.attachments)

    async def remove(self, message: MessageRef) -> None:
        """Delete one of our messages; nothing happens when it, or its channel, is gone."""
        channel = self._client.get_partial_messageable(message.channel_id)
        async with posting():
            try:
                await channel.get_partial_message(message.message_id).delete()
            except discord.NotFound as error:
                if error.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    raise

    async def tell_operator(self, text: str) -> None:
        """Write to the application's owner; never raises."""
        await self._operator.tell(text)


def file_name(order: Order, clip: Clip) -> str:
    """Name a clip's file for whoever saves it; Discord covers what is marked as a spoiler."""
    name = f"muybridge-{code(order.id)}-{clip.number + 1}.mp4"
    return f"SPOILER_{name}" if clip.spoiler else name


def _language(order: Order, *, direct: bool) -> str:
    """Return what is spoken where a message goes: to the asker alone, or to all in the channel."""
    return order.place.locale if direct else order.place.guild_locale

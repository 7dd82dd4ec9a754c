"""The review channel on Discord: orders are shown there, and what became of them is said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs import review_posts
from cogs.client import name_of
from cogs.courier import SEARCH_PATIENCE_S
from cogs.dynamic import custom_id
from cogs.faults import posting
from cogs.language import speaking
from cogs.reviewing import Approve, review_buttons
from cogs.rooms import missing_in
from cogs.searching import Wanted, search
from cogs.sending import Outgoing, card_name, send_once
from jobs.reviews import ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.catalogue import Catalogue
    from jobs.model import Order
    from jobs.ports import MessageRef
    from jobs.reviews import Review


class DiscordReviewDesk:
    """Fits `jobs.reviews.ReviewDesk`. The client has to be logged in; a gateway is not needed."""

    def __init__(self, client: discord.Client, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue

    def _naming(self, model: str) -> str:
        return name_of(self._catalogue, model)

    async def post_review(
        self, order: Order, review: Review, files: Sequence[Path], *, left_out: bool
    ) -> MessageRef:
        """Show an order with its pictures and two buttons; pings nobody."""
        names = [card_name(number, path) for number, path in enumerate(files, 1)]
        with speaking(order.place.guild_locale):
            message = Outgoing(
                text=review_posts.review(order, review, self._naming, left_out=left_out),
                view=review_buttons(order.id),
                files=list(zip(files, names, strict=True)),
                nonce=f"r{order.id}",
            )
        async with posting():
            return await send_once(self._client, review.channel_id, message)

    async def edit_review(self, order: Order, review: Review) -> bool:
        """Say what became of the order; False when the message, or its channel, is gone."""
        if review.message is None:
            return False
        channel = self._client.get_partial_messageable(review.message.channel_id)
        with speaking(order.place.guild_locale):
            text = review_posts.review(order, review, self._naming)
        waiting = review.state is ReviewState.WAITING
        async with posting():
            try:
                await channel.get_partial_message(review.message.message_id).edit(
                    content=text,
                    view=review_buttons(order.id) if waiting else None,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            except discord.NotFound:
                return False
        return True

    async def find_review(self, review: Review, since: int) -> MessageRef | None:
        """Look through the review channel for the order's buttons. Raises as `search` does."""
        channel = self._client.get_partial_messageable(review.channel_id, guild_id=review.guild_id)
        wanted = Wanted(button=custom_id(Approve.name, review.order_id))
        async with posting(SEARCH_PATIENCE_S):
            return await search(self._client, channel, wanted, since)


class DiscordRooms:
    """Fits `jobs.reviews.Rooms`, from what the gateway has told of servers and channels.

    It is made before the client, which is set once it is there; until then every room is open.
    """

    client: discord.Client | None = None

    def open(self, guild_id: int, channel_id: int) -> bool:
        """Tell whether the bot can post files there; True where the guild is not known yet."""
        guild = None if self.client is None else self.client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return True
        channel = guild.get_channel_or_thread(channel_id)
        if channel is None:
            return False
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        return parent is None or not missing_in(channel, parent.permissions_for(guild.me))

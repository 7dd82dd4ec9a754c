"""Reported results on Discord: put behind a spoiler and brought back, and asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.http import MultipartParameters

from cogs import report_posts
from cogs.courier import SEARCH_PATIENCE_S
from cogs.dynamic import custom_id
from cogs.escape import length
from cogs.faults import UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, posting
from cogs.language import speaking
from cogs.posts import LIMIT
from cogs.reporting import Keep, case_buttons
from cogs.searching import Wanted, search
from cogs.sending import Outgoing, send_once
from jobs.reports import CaseState

if TYPE_CHECKING:
    from jobs.model import Clip, Order
    from jobs.ports import MessageRef
    from jobs.reports import Case

_ALWAYS: str = "SPOILER_"
"""A file that is named so was behind a spoiler from the beginning, and stays there."""


class DiscordCaseDesk:
    """Fits `jobs.reports.CaseDesk`. The client has to be logged in; a gateway is not needed."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post_case(self, order: Order, clip: Clip, case: Case) -> MessageRef:
        """Ask about a clip where the server's moderators are told of such things; pings nobody."""
        with speaking(order.place.guild_locale):
            message = Outgoing(
                text=report_posts.case(order, clip, case),
                view=case_buttons(clip.id),
                nonce=f"k{clip.id}",
            )
        async with posting():
            return await send_once(self._client, case.channel_id, message)

    async def edit_case(self, order: Order, clip: Clip, case: Case) -> bool:
        """Say what became of the clip; False when the message, or its channel, is gone."""
        if case.message is None:
            return False
        channel = self._client.get_partial_messageable(case.message.channel_id)
        with speaking(order.place.guild_locale):
            text = report_posts.case(order, clip, case)
            view = case_buttons(clip.id) if case.state is CaseState.OPEN else None
        async with posting():
            try:
                await channel.get_partial_message(case.message.message_id).edit(
                    content=text, view=view, allowed_mentions=discord.AllowedMentions.none()
                )
            except discord.NotFound:
                return False
        return True

    async def find_case(self, case: Case, since: int) -> MessageRef | None:
        """Look for the clip's buttons where moderators are asked. Raises as `search` does."""
        channel = self._client.get_partial_messageable(case.channel_id, guild_id=case.guild_id)
        wanted = Wanted(button=custom_id(Keep.name, case.clip_id))
        async with posting(SEARCH_PATIENCE_S):
            return await search(self._client, channel, wanted, since)

    async def veil(self, order: Order, message: MessageRef, *, hidden: bool) -> bool:
        """Mark a result's files as spoilers, or not any more; its buttons stay as they are.

        An edit keeps the files that it names, and may change whether each is a spoiler (Discord's
        reference, "Edit Message" and "Attachment Request"). discord.py does not know that field
        yet, so the request is written here.
        """
        http = self._client.http
        async with posting():
            try:
                found: Any = await http.get_message(message.channel_id, message.message_id)
                with speaking(order.place.guild_locale):
                    body = _veiling(found, hidden=hidden)
                with MultipartParameters(payload=body, multipart=None, files=None) as params:
                    await http.edit_message(message.channel_id, message.message_id, params=params)
            except discord.NotFound as error:
                if error.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    raise
                return False
        return True


def _veiling(message: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    """Return the edit that hides a message's files, or shows them again."""
    files = message["attachments"]
    bare = report_posts.unveiled(message["content"])
    text = report_posts.veiled(bare, cover=not files) if hidden else bare
    return {
        "content": text if length(text) <= LIMIT else bare,
        "attachments": [
            {"id": one["id"], "is_spoiler": hidden or one["filename"].startswith(_ALWAYS)}
            for one in files
        ],
        "allowed_mentions": {"parse": []},
    }

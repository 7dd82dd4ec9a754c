"""Moderators of several kinds in a server, and the engine's steps that talk to them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import discord

from cogs.review_desk import DiscordReviewDesk
from jobs.reviewing import Show
from jobs.schedule import Pace
from jobs.submitting import Outside
from tests.cogs.scenes import last
from tests.fakes import FakeRenderer

if TYPE_CHECKING:
    from simcord import ChannelHandle, GuildHandle, MemberActor

    from jobs.catalogue import Catalogue
    from storage.database import Transaction, Value
    from tests.cogs.scenes import Scene


def written(sql: str, *parameters: Value) -> Transaction[None]:
    """Run one statement as a transaction."""
    yield (sql, parameters)


@dataclass
class Court:
    """A server with a channel for its moderators, who are of every kind.

    `mona` may manage the server, `rolf` has a role that moderates, `eve` moderates another server
    and is a plain member of this one.
    """

    scene: Scene
    room: ChannelHandle
    mona: MemberActor
    rolf: MemberActor
    eve: MemberActor
    away: GuildHandle
    eve_away: MemberActor
    outside: Outside
    show: Show

    async def look(self) -> None:
        """Have the engine show, redraw and end what is due."""
        for work in await self.show.claim(10):
            await self.show.perform(work)

    async def forge(self, channel: ChannelHandle, custom_id: str) -> discord.Message:
        """Put a button up in another place than it was made for."""
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="forged", custom_id=custom_id))
        target = self.scene.bot.get_partial_messageable(channel.id)
        await target.send("forged", view=view)
        return last(channel)

    async def review(self, *, on: bool = True, trusted: str = "[]") -> None:
        """Have orders looked at first."""
        await self.scene.store._database.run(
            written,
            """UPDATE guilds SET review = $1, review_channel_id = $2, trusted_roles = $3
               WHERE guild_id = $4""",
            int(on), self.room.id, trusted, self.scene.guild.id,
        )  # fmt: skip


async def court_of(scene: Scene, catalogue: Catalogue) -> Court:
    """Bring moderators into a server."""
    env, guild = scene.env, scene.guild
    managing = guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    judging = guild.create_role("judges")
    mona = guild.add_member(env.create_user("mona"), roles=[managing])
    rolf = guild.add_member(env.create_user("rolf"), roles=[judging])
    away = env.create_guild("Elsewhere")
    eve_user = env.create_user("eve")
    eve = guild.add_member(eve_user)
    ruling = away.create_role("rulers", permissions=discord.Permissions(manage_guild=True))
    await scene.store._database.run(
        written,
        "INSERT INTO guilds (guild_id, moderator_roles) VALUES ($1, $2)",
        guild.id,
        f"[{judging.id}]",
    )
    outside = Outside(
        store=scene.store,
        orders=scene.store,
        renderer=FakeRenderer(),
        library=scene.library,
        courier=scene.courier,
        clock=scene.clock,
        random=Random(5),  # noqa: S311 - no secrets here
        pace=Pace(),
    )
    return Court(
        scene=scene,
        room=guild.create_text_channel("moderators"),
        mona=mona,
        rolf=rolf,
        eve=eve,
        away=away,
        eve_away=away.add_member(eve_user, roles=[ruling]),
        outside=outside,
        show=Show(outside, DiscordReviewDesk(scene.bot, catalogue)),
    )

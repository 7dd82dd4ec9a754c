"""People who come to the moderators' desk: some may, some were let in, some are from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from simcord.enums import AppCommandType

from billing.periods import Period
from billing.wallets import Allowance
from jobs.acts import ActSlice, Written
from jobs.model import Member
from jobs.quotas import Doing
from storage.acts import read_acts
from tests.cogs.looking_back import moderator
from tests.cogs.scenes import said

if TYPE_CHECKING:
    from simcord import ChannelHandle, GuildHandle, InteractionResult, MemberActor, UserHandle

    from jobs.acts import Act
    from tests.cogs.scenes import Scene


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another server with the bot, and a moderator of it who is nobody in the first one."""

    guild: GuildHandle
    hall: ChannelHandle
    otto: MemberActor


def let_in(scene: Scene) -> MemberActor:
    """Return a member without Manage Server whom the integration settings let use `/quota`."""
    ida = scene.guild.add_member(scene.env.create_user("ida"))
    command = scene.env.backend.find_command(
        "quota", scene.guild.id, type=AppCommandType.CHAT_INPUT
    )
    assert command is not None
    scene.guild.set_command_permissions(int(command["id"]), {ida: True})
    return ida


def demote(scene: Scene, who: MemberActor) -> None:
    """Take a member's roles away; what they have open stays open."""
    backend, guild_id = scene.env.backend, scene.guild.id
    for role_id in tuple(backend.get_member(guild_id, who.id).role_ids):
        backend.remove_member_role(guild_id, who.id, role_id)


def elsewhere(scene: Scene) -> Elsewhere:
    """Open another server."""
    guild = scene.env.create_guild("Elsewhere")
    role = guild.create_role("Crew", permissions=discord.Permissions(manage_guild=True))
    otto = guild.add_member(scene.env.create_user("otto"), roles=[role])
    return Elsewhere(guild, guild.create_text_channel("hall"), otto)


async def quota(
    scene: Scene,
    name: str,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> InteractionResult:
    """Have a moderator, who is made if nobody is named, type a command of `/quota`."""
    return await (who or moderator(scene)).slash(scene.studio, f"quota {name}", **options)


async def told(
    scene: Scene,
    name: str,
    who: MemberActor | None = None,
    **options: Any,  # noqa: ANN401 - a command's options
) -> str:
    """Type a command of `/quota` and read its private answer."""
    return said(await quota(scene, name, who, **options))


async def granted(scene: Scene, who: MemberActor | UserHandle, guild_id: int | None = None) -> int:
    """Return a wallet's unspent grants (credits)."""
    member = Member(guild_id=guild_id or scene.guild.id, user_id=who.id)
    return (await scene.store.wallet(member, scene.clock.now())).grants


async def allowed(scene: Scene, count: int) -> None:
    """Give so many roles, of which nobody knows more than the number, an allowance each."""
    for number in range(count):
        doing = Doing(id=number + 1, guild_id=scene.guild.id, actor_id=99)
        wanted = Allowance(credits=number, period=Period.DAY)
        await scene.store.set_allowance(doing, number, wanted, scene.clock.now())


async def acts(scene: Scene, guild_id: int | None = None) -> list[Act]:
    """Return a server's acts, newest first."""
    wanted = ActSlice(guild_id=guild_id or scene.guild.id, limit=50)
    found: tuple[Written, ...] = await scene.store._read(read_acts, wanted)
    return [one.act for one in found]

"""The server people meet in: its channels, roles and members, and what Discord knows of each."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle, UserHandle
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from sandbox.discord_api.avatars import give_avatar
from sandbox.discord_api.cdn import FileStore
from sandbox.discord_api.clock import WorldClock
from sandbox.discord_api.puppet import Puppet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcord.backend import Backend
    from simcord.backend.models import Channel, Message

    from jobs.ports import Clock

MIB: Final = 1024 * 1024
UPLOAD_LIMIT: Final = 10 * MIB  # docs: reference, "Uploading Files"; 20 MB is announced
REQUEST_LIMIT: Final = 25 * MIB
_LOG_LENGTH: Final = 500

# Guild.filesize_limit of discord.py follows the boost tier, so the two are set together.
_TIER_OF_LIMIT: Final = {50 * MIB: 2, 100 * MIB: 3}

MODERATOR: Final = discord.Permissions(manage_guild=True, manage_messages=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the world is like. Sizes in bytes.

    `token` is the only bot token that is let in (None: any). `message_content` says whether the
    application was granted that privileged intent. `members` maps a name to its roles.
    """

    guild: str = "Muybridge Studio"
    bot: str = "Muybridge"
    owner: str = "Eadweard"
    channels: tuple[str, ...] = ("studio", "general")
    hidden_channels: tuple[str, ...] = ("backstage",)
    roles: tuple[str, ...] = ("Moderator", "Patron")
    members: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Alice", ()),
        ("Bob", ("Patron",)),
        ("Mona", ("Moderator",)),
    )
    token: str | None = None
    public: bool = False
    message_content: bool = False
    upload_limit: int = UPLOAD_LIMIT
    shards: int = 1
    locale: str = "en-US"


@dataclass(slots=True)
class Traits:
    """What Discord knows about a member beyond simcord's model."""

    locale: str = "en-US"
    upload_limit: int = 0  # bytes; Nitro's, 0 without
    dms_open: bool = True


@dataclass(slots=True)
class World:
    """A guild in simcord, with handles by name."""

    env: Env
    clock: WorldClock
    setting: Setting
    guild: GuildHandle
    owner: UserHandle
    channels: dict[str, ChannelHandle] = field(default_factory=dict)
    roles: dict[str, RoleHandle] = field(default_factory=dict)
    members: dict[str, MemberActor] = field(default_factory=dict)
    traits: dict[int, Traits] = field(default_factory=dict)
    guild_locale: str = "en-US"
    # The nonce of the message that is being made; simcord's events do not carry it.
    nonce: str | int | None = None

    @property
    def backend(self) -> Backend:
        """Simcord's state."""
        return self.env.backend

    @property
    def puppet(self) -> Puppet:
        """The in-process client whose only work is to wait for the real bot's answers."""
        return cast("Puppet", self.env.bot)

    @property
    def files(self) -> FileStore:
        """The file store behind the links."""
        return cast("FileStore", self.backend.cdn)

    # --- building ---------------------------------------------------------------------------

    def add_channel(self, name: str, *, hidden: bool = False) -> ChannelHandle:
        """Make a text channel; the bot can't see a hidden one."""
        bot = self.bot_user
        overwrites: Any = {bot: discord.PermissionOverwrite(view_channel=False)} if hidden else None
        self.channels[name] = self.guild.create_text_channel(name, overwrites=overwrites)
        return self.channels[name]

    def add_role(
        self, name: str, permissions: discord.Permissions | None = None, *, color: int = 0
    ) -> RoleHandle:
        """Make a role."""
        self.roles[name] = self.guild.create_role(name, permissions=permissions, color=color)
        return self.roles[name]

    def add_member(self, name: str, roles: Sequence[str] = ()) -> MemberActor:
        """Let someone join, with roles by name."""
        user = self.env.create_user(name.lower(), global_name=name)
        member = self.guild.add_member(user, roles=[self.roles[role] for role in roles])
        self.members[name] = member
        give_avatar(self.backend, user._user)  # noqa: SLF001
        self.traits[member.id] = Traits(locale=self.setting.locale)
        return member

    def add_thread(self, parent: str, name: str) -> ChannelHandle:
        """Open a thread in a channel."""
        thread = self.backend.create_thread(self.channels[parent].id, name, self.owner.id)
        self.channels[name] = ChannelHandle(self.env, self.guild, thread)
        return self.channels[name]

    def forbid_bot(self, channel: str, **permissions: bool) -> None:
        """Change what the bot may do in a channel, e.g. `attach_files=False`; nothing undoes it."""
        handle, bot_id = self.channels[channel], self.backend.bot_user.id
        allow, deny = discord.PermissionOverwrite(**permissions).pair()
        stored = self.backend.get_channel(handle.id)
        kept = [each for each in stored.overwrites if each.target_id != bot_id]
        if permissions:
            kind = OverwriteType.MEMBER
            kept.append(Overwrite(bot_id, kind, allow=allow.value, deny=deny.value))
        self.backend.edit_channel(handle.id, {}, overwrites=kept)

    def delete_channel(self, name: str) -> None:
        """Delete a channel with all that is in it."""
        channel_id = self.channels.pop(name).id
        for message in self.backend.messages.get(channel_id, {}).values():
            self._drop_files(message)
        self.backend.delete_channel(channel_id)

    def delete_message(self, message: Message) -> None:
        """Delete a message; the links to its files lead nowhere from then on."""
        self.backend.delete_message(message.channel_id, message.id)
        self._drop_files(message)

    def _drop_files(self, message: Message) -> None:
        for attachment in message.attachments:
            self.files.drop(attachment)

    def archive(self, name: str, *, locked: bool = False) -> None:
        """Archive a thread, and lock it if so asked."""
        changes = {"archived": True, "locked": locked}
        self.backend.edit_channel(self.channels[name].id, {}, thread_metadata=changes)

    # --- what is known ------------------------------------------------------------------------

    @property
    def bot_user(self) -> UserHandle:
        """The bot's account."""
        return UserHandle(self.env, self.backend.bot_user)

    def traits_of(self, user_id: int) -> Traits:
        """Return what is known of a user."""
        return self.traits.setdefault(user_id, Traits(locale=self.setting.locale))

    def interaction_upload_limit(self, user_id: int) -> int:
        """Return an interaction's `attachment_size_limit` in bytes: the best of guild and Nitro."""
        return max(self.setting.upload_limit, self.traits_of(user_id).upload_limit)

    @property
    def premium_tier(self) -> int:
        """The boost tier that goes with the guild's upload limit."""
        return _TIER_OF_LIMIT.get(self.setting.upload_limit, 0)

    def channel_named(self, name: str) -> ChannelHandle:
        """Return a channel by name, with or without `#`.

        Raises:
            KeyError: there is none of that name.

        """
        return self.channels[name.removeprefix("#")]

    def dm_of(self, name: str) -> Channel:
        """Return the channel of a member's direct messages with the bot."""
        return self.backend.get_dm_channel(self.members[name].id)

    def age_of(self, message: Message) -> float:
        """Return a message's age in seconds."""
        created = discord.utils.snowflake_time(message.id)
        return (self.clock.now() - created).total_seconds()


async def open_world(clock: Clock, setting: Setting) -> World:
    """Build the world. Close it with `close_world`."""
    env = Env(Puppet(), check_errors=False, settle_timeout=10.0)
    world_clock = WorldClock(clock)
    backend = env.backend
    backend.clock = cast("Any", world_clock)
    backend.cdn = FileStore()
    backend.bot_user.name = setting.bot
    give_avatar(backend, backend.bot_user)
    backend.transcript = cast("Any", deque(maxlen=_LOG_LENGTH))
    backend.http_requests = cast("Any", deque(maxlen=_LOG_LENGTH))
    # In a task of its own: simcord puts its fake of the interaction transport into the context of
    # whoever calls, and a discord.py bot running beside it would then talk to that.
    await asyncio.create_task(env.start())
    owner = env.create_user(setting.owner.lower(), global_name=setting.owner)
    guild = env.create_guild(setting.guild, owner=owner, preferred_locale=setting.locale)
    world = World(env, world_clock, setting, guild, owner, guild_locale=setting.locale)
    _populate(world)
    return world


def _populate(world: World) -> None:
    setting = world.setting
    for role in setting.roles:
        permissions = MODERATOR if role == "Moderator" else None
        world.add_role(role, permissions, color=0x3BA55D if permissions else 0xFAA61A)
    for channel in setting.channels:
        world.add_channel(channel)
    for channel in setting.hidden_channels:
        world.add_channel(channel, hidden=True)
    for name, roles in setting.members:
        world.add_member(name, roles)
    # Last: whoever opens the page should meet it as an ordinary member.
    world.members[setting.owner] = MemberActor(world.env, world.guild, world.owner)


async def close_world(world: World) -> None:
    """End it."""
    await asyncio.create_task(world.env.shutdown())

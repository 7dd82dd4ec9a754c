"""Someone who types commands, presses buttons, fills in forms and reads what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simcord import ChannelHandle, SetupError
from simcord.backend.access import channel_accessible, message_accessible

from sandbox.discord_api.answers import Answer, Choice
from sandbox.discord_api.seen import Seen, see

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcord import MemberActor
    from simcord.backend.models import Channel, Message

    from sandbox.discord_api.acting import Stage
    from sandbox.discord_api.pulse import Pulse
    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World

# What a person may attach: its name and its content.
File = tuple[str, bytes]

WAIT_SECONDS: Final = 30.0


class Person:
    """A member. Several may act at once, and one may press twice without waiting."""

    def __init__(self, world: World, stage: Stage, pulse: Pulse, actor: MemberActor) -> None:
        self._world = world
        self._stage = stage
        self._pulse = pulse
        self.actor = actor

    @property
    def id(self) -> int:
        """The user's id."""
        return self.actor.id

    @property
    def name(self) -> str:
        """The name the others know."""
        return self.actor.user.global_name or self.actor.name

    # --- doing --------------------------------------------------------------------------------

    async def slash(self, command: str, /, *, channel: str = "studio", **options: Any) -> Answer:  # noqa: ANN401
        """Run a command; files are `(name, bytes)`, people are `Person`s.

        Raises:
            SetupError: this person could not do that in Discord: no such command for them here,
                a required option missing, a value that is not allowed.

        """
        where = self._channel(channel)
        values = {name: _handle(value) for name, value in options.items()}
        record = await self._stage.command(self.actor, where, command, values)
        return Answer(record, self._world)

    async def autocomplete(
        self,
        command: str,
        option: str,
        typed: str = "",
        /,
        *,
        channel: str = "studio",
        **options: Any,  # noqa: ANN401
    ) -> tuple[Choice, ...]:
        """Type into an option and return what the bot offers."""
        where = self._channel(channel)
        values = {name: _handle(value) for name, value in options.items()}
        record = await self._stage.autocomplete(self.actor, where, command, (option, typed), values)
        return Answer(record, self._world).choices

    async def menu(self, name: str, target: Seen | Person, *, channel: str = "studio") -> Answer:
        """Use a message's or a member's menu."""
        if isinstance(target, Person):
            where = self._channel(channel)
            record = await self._stage.user_menu(self.actor, where, name, target.actor)
            return Answer(record, self._world)
        stored = self._stored(target)
        where = self._handle_of(stored.channel_id)
        record = await self._stage.message_menu(self.actor, where, name, stored)
        return Answer(record, self._world)

    async def press(
        self, message: Seen | Answer, label: str | None = None, *, custom_id: str | None = None
    ) -> Answer:
        """Press a button by its label or custom_id, as the message is now.

        Raises:
            SetupError: no such button, or it is disabled, or the message is not there.

        """
        stored = self._stored(message)
        record = await self._stage.press(self.actor, stored, label=label, custom_id=custom_id)
        return Answer(record, self._world)

    async def select(
        self,
        message: Seen | Answer,
        *values: Any,  # noqa: ANN401
        custom_id: str | None = None,
    ) -> Answer:
        """Choose in a select menu: option values, or people."""
        stored = self._stored(message)
        chosen = [_handle(value) for value in values]
        record = await self._stage.select(self.actor, stored, chosen, custom_id=custom_id)
        return Answer(record, self._world)

    async def submit(self, answer: Answer, values: dict[str, Any]) -> Answer:
        """Submit the form an answer opened; keys are labels or custom_ids.

        Text fields take a string, selects and files a list, a checkbox a bool.
        """
        if answer.form is None:
            raise SetupError("That answer opened no form")
        by_label = {each.label: each.custom_id for each in answer.form.fields}
        named = {by_label.get(key, key): _prepared(value) for key, value in values.items()}
        record = await self._stage.submit(self.actor, answer.record, named)
        return Answer(record, self._world)

    def say(
        self,
        text: str,
        *files: File,
        channel: str = "studio",
        picture: tuple[str, bytes] | None = None,
    ) -> Seen:
        """Post a plain message.

        `picture` is a link and what is behind it: Discord unfurls it to an embed with a proxy link.
        """
        where = self._channel(channel)
        backend = self._world.backend
        embeds: list[Payload] = []
        if picture is not None:
            proxied = self._world.files.store_external(*picture)
            image = {"url": picture[0], "proxy_url": proxied, "width": 640, "height": 360}
            embeds.append({"type": "image", "url": picture[0], "thumbnail": image})
        stored = backend.create_message(
            where.id,
            self.id,
            text,
            attachments=backend.store_attachments(where.id, files),
            embeds=embeds,
        )
        return see(self._world, stored)

    # --- seeing -------------------------------------------------------------------------------

    def read(self, channel: str = "studio") -> list[Seen]:
        """Return the messages of a channel that this person can see, oldest first."""
        return [see(self._world, each) for each in self._visible(self._channel(channel).id)]

    def dms(self) -> list[Seen]:
        """Return the direct messages with the bot."""
        return [see(self._world, each) for each in self._visible(self._dm_channel().id)]

    async def sees(
        self,
        fits: Callable[[Seen], object],
        *,
        channel: str = "studio",
        seconds: float = WAIT_SECONDS,
    ) -> Seen:
        """Wait until a message fits and return the newest that does.

        Raises:
            TimeoutError: none did within that many seconds.

        """
        return await self._await(self._channel(channel).id, fits, seconds)

    async def gets_dm(
        self, fits: Callable[[Seen], object] = bool, *, seconds: float = WAIT_SECONDS
    ) -> Seen:
        """Wait for a direct message that fits.

        Raises:
            TimeoutError: none came within that many seconds.

        """
        return await self._await(self._dm_channel().id, fits, seconds)

    async def answered(
        self,
        answer: Answer,
        fits: Callable[[Seen], object] | None = None,
        *,
        seconds: float = WAIT_SECONDS,
    ) -> Seen:
        """Wait until the answering message stops thinking, or fits.

        Raises:
            TimeoutError: it did not within that many seconds.

        """

        def look() -> Seen | None:
            seen = answer.message
            if seen is None or seen.thinking or (fits is not None and not fits(seen)):
                return None
            return seen

        return await self._pulse.until(look, seconds)

    async def _await(self, channel_id: int, fits: Callable[[Seen], object], seconds: float) -> Seen:
        def look() -> Seen | None:
            newest_first = reversed(self._visible(channel_id))
            seen = (see(self._world, stored) for stored in newest_first)
            return next((each for each in seen if fits(each)), None)

        return await self._pulse.until(look, seconds)

    def deletes(self, message: Seen | Answer) -> None:
        """Delete a message: one's own, or as a moderator anyone's.

        Raises:
            BackendError: this person may not.

        """
        stored = self._stored(message)
        if stored.author_id != self.id:
            self._world.backend.require_permissions(
                self._world.guild.id, self.id, stored.channel_id, "manage_messages"
            )
        self._world.delete_message(stored)

    # --- being --------------------------------------------------------------------------------

    def close_dms(self) -> None:
        """Accept no direct messages any more."""
        self._world.traits_of(self.id).dms_open = False

    def speaks(self, locale: str) -> None:
        """Set the language of this person's Discord."""
        self._world.traits_of(self.id).locale = locale

    def subscribes(self, upload_limit: int) -> None:
        """Buy Nitro: files of up to so many bytes in answers to this person."""
        self._world.traits_of(self.id).upload_limit = upload_limit

    def leaves(self) -> None:
        """Leave the server."""
        self._world.guild.remove_member(self.actor)

    # --- parts --------------------------------------------------------------------------------

    def _channel(self, name: str) -> ChannelHandle:
        if name == "@me":
            return ChannelHandle(self._world.env, None, self._dm_channel())
        return self._world.channel_named(name)

    def _dm_channel(self) -> Channel:
        return self._world.backend.get_dm_channel(self.id)

    def _handle_of(self, channel_id: int) -> ChannelHandle:
        channel = self._world.backend.get_channel(channel_id)
        guild = None if channel.guild_id is None else self._world.guild
        return ChannelHandle(self._world.env, guild, channel)

    def _visible(self, channel_id: int) -> list[Message]:
        """Return the stored messages this person can see, oldest first."""
        backend = self._world.backend
        if not channel_accessible(backend, channel_id, self.id, history=True):
            return []
        return [each for each in backend.messages[channel_id].values() if each.visible_to(self.id)]

    def _stored(self, message: Seen | Answer) -> Message:
        seen = message.message if isinstance(message, Answer) else message
        if seen is None:
            raise SetupError("That answer has no message")
        backend = self._world.backend
        stored = backend.get_message(seen.channel_id, seen.id)
        if not message_accessible(backend, seen.channel_id, stored, self.id, history=True):
            raise SetupError(f"{self.name} can't see that message")
        return stored


def _handle(value: Any) -> Any:  # noqa: ANN401 - option values are of any kind
    return value.actor if isinstance(value, Person) else value


def _prepared(value: Any) -> Any:  # noqa: ANN401 - field values are of any kind
    return [_handle(each) for each in value] if isinstance(value, list) else value

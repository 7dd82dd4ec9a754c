"""Turns what a person does into interactions, any number at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord import BackendError, ChannelHandle, MemberActor, SetupError
from simcord import actors as simcord_actors
from simcord import interactions as wire
from simcord._modal import (
    _commit_modal_uploads,
    _modal_submit_nodes,
)
from simcord.backend import serializers
from simcord.components import validate_modal
from simcord.enums import SELECT_TYPES, AppCommandType, ComponentType, InteractionType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcord.backend.models import Interaction, Message

    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World


class Stage:
    """Where people act.

    simcord's own actors do the same one at a time: they wait until the bot is idle. Here a second
    person, or a second click, need not wait for the first one's answer.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def command(
        self, who: MemberActor, channel: ChannelHandle, name: str, options: Mapping[str, Any]
    ) -> Interaction:
        """Run a slash command (`name` may be "quota grant"). Files are `(name, bytes)`."""
        root, leaf, nesting = self._leaf(who, channel, name)
        built, resolved = wire.build_options(who, name, leaf, dict(options), channel_id=channel.id)
        data = _command_data(root, wire.nest_options(root, nesting, built), resolved)
        return await self._interact(who, InteractionType.APPLICATION_COMMAND, channel, data)

    async def autocomplete(
        self,
        who: MemberActor,
        channel: ChannelHandle,
        name: str,
        typed: tuple[str, str],
        options: Mapping[str, Any],
    ) -> Interaction:
        """Type a value into an option; `typed` is the option and the value so far."""
        root, leaf, nesting = self._leaf(who, channel, name)
        built, _ = wire.build_options(
            who, name, leaf, dict(options), partial=True, channel_id=channel.id
        )
        option = next((o for o in leaf.get("options") or [] if o["name"] == typed[0]), None)
        if option is None or not option.get("autocomplete"):
            raise SetupError(f"/{name} has no option '{typed[0]}' with autocomplete")
        built.append({"name": typed[0], "type": option["type"], "value": typed[1], "focused": True})
        data = _command_data(root, wire.nest_options(root, nesting, built), {})
        kind = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
        return await self._interact(who, kind, channel, data)

    async def message_menu(
        self, who: MemberActor, channel: ChannelHandle, name: str, target: Message
    ) -> Interaction:
        """Use a message's menu command."""
        message: Payload = dict(serializers.message_payload(self._world.backend, target))
        resolved: Payload = {"messages": {str(target.id): message}}
        return await self._menu(who, channel, (name, AppCommandType.MESSAGE), target.id, resolved)

    async def user_menu(
        self, who: MemberActor, channel: ChannelHandle, name: str, target: MemberActor
    ) -> Interaction:
        """Use a member's menu command."""
        resolved: dict[str, Payload] = {}
        wire.resolve_handle(who, target, resolved, channel_id=channel.id)
        return await self._menu(who, channel, (name, AppCommandType.USER), target.id, resolved)

    async def press(
        self, who: MemberActor, message: Message, *, label: str | None, custom_id: str | None
    ) -> Interaction:
        """Press a button, found by its label or custom_id."""
        button = simcord_actors._find_component(  # noqa: SLF001
            message.components, types=(ComponentType.BUTTON,), custom_id=custom_id, label=label
        )
        if not button.get("custom_id"):
            raise SetupError(f"'{button.get('label')}' is a link, not a button the bot hears of")
        return await self._component(who, message, button, {})

    async def select(
        self,
        who: MemberActor,
        message: Message,
        values: Sequence[Any],
        *,
        custom_id: str | None,
    ) -> Interaction:
        """Choose values in a select: strings, or people, roles, channels by their handle."""
        menu = simcord_actors._find_component(  # noqa: SLF001
            message.components, types=SELECT_TYPES, custom_id=custom_id, label=None
        )
        if menu["type"] == ComponentType.STRING_SELECT:
            self._check_choices(menu, values)
            return await self._component(who, message, menu, {"values": list(values)})
        resolved: dict[str, Payload] = {}
        for value in values:
            wire.resolve_handle(who, value, resolved, channel_id=message.channel_id)
        chosen = {"values": [str(value.id) for value in values], "resolved": resolved}
        return await self._component(who, message, menu, chosen)

    async def submit(
        self, who: MemberActor, opened: Interaction, values: Mapping[str, Any]
    ) -> Interaction:
        """Submit a form by the custom_ids of its fields; files are lists of `(name, bytes)`."""
        if opened.modal is None or opened.user_id != who.id or opened.modal_consumed:
            raise SetupError("There is no open form of this person's")
        spec = validate_modal(opened.modal)
        resolved: dict[str, Payload] = {}
        uploads: list[Any] = []
        parts = _modal_submit_nodes(
            spec["components"], who, dict(values), resolved, opened.channel_id, uploads
        )
        _commit_modal_uploads(who, opened.channel_id, uploads, resolved)
        opened.modal_consumed = True
        data: Payload = {"custom_id": spec["custom_id"], "components": parts}
        if resolved:
            data["resolved"] = resolved
        channel = self._channel(opened.channel_id)
        source = self._source(opened)
        return await self._interact(who, InteractionType.MODAL_SUBMIT, channel, data, source)

    # --- parts --------------------------------------------------------------------------------

    def _leaf(
        self, who: MemberActor, channel: ChannelHandle, name: str
    ) -> tuple[Payload, Payload, list[str]]:
        first, *rest = name.split()
        root = self._command(who, channel, first, AppCommandType.CHAT_INPUT)
        leaf, nesting = wire.walk_to_subcommand(root, rest)
        return root, leaf, nesting

    def _command(
        self, who: MemberActor, channel: ChannelHandle, name: str, kind: AppCommandType
    ) -> Payload:
        """Find a command this person can see in this channel.

        Raises:
            SetupError: they can't: it does not exist, or their permissions hide it.

        """
        found: Payload = simcord_actors._resolve_visible_command(who, channel.id, name, kind)  # noqa: SLF001
        return found

    async def _menu(
        self,
        who: MemberActor,
        channel: ChannelHandle,
        command: tuple[str, AppCommandType],
        target_id: int,
        resolved: Payload,
    ) -> Interaction:
        root = self._command(who, channel, *command)
        data = {
            "id": root["id"],
            "name": root["name"],
            "type": command[1],
            "target_id": str(target_id),
            "resolved": resolved,
        }
        return await self._interact(who, InteractionType.APPLICATION_COMMAND, channel, data)

    @staticmethod
    def _check_choices(menu: Payload, values: Sequence[Any]) -> None:
        offered = [option["value"] for option in menu.get("options") or []]
        if menu.get("disabled") or any(value not in offered for value in values):
            raise SetupError(f"The select offers {offered}, not {list(values)}")

    async def _component(
        self, who: MemberActor, message: Message, component: Payload, extra: Payload
    ) -> Interaction:
        data = {
            "custom_id": component["custom_id"],
            "component_type": component["type"],
            **({"id": component["id"]} if component.get("id") is not None else {}),
            **extra,
        }
        channel = self._channel(message.channel_id)
        return await self._interact(who, InteractionType.MESSAGE_COMPONENT, channel, data, message)

    def _channel(self, channel_id: int) -> ChannelHandle:
        channel = self._world.backend.get_channel(channel_id)
        guild = None if channel.guild_id is None else self._world.guild
        return ChannelHandle(self._world.env, guild, channel)

    def _source(self, opened: Interaction) -> Message | None:
        if opened.source_message_id is None:
            return None
        try:
            return self._world.backend.get_message(opened.channel_id, opened.source_message_id)
        except BackendError:
            return None  # deleted while the form was open; Discord then sends none

    async def _interact(
        self,
        who: MemberActor,
        kind: InteractionType,
        channel: ChannelHandle,
        data: Payload,
        source: Message | None = None,
    ) -> Interaction:
        backend = self._world.backend
        record, payload = wire.base_payload(
            backend,
            type=kind,
            channel_id=channel.id,
            guild_id=None if channel.guild is None else channel.guild.id,
            user_id=who.id,
            data=data,
        )
        if source is not None:
            payload["message"] = dict(serializers.message_payload(backend, source))
            record.source_message_id = source.id
        backend.emit("INTERACTION_CREATE", payload)
        answer = self._world.puppet.acks.waiting(record.id)
        if answer is not None:
            await answer
        return record


def _command_data(root: Payload, options: list[Any], resolved: Payload) -> Payload:
    data: Payload = {
        "id": root["id"],
        "name": root["name"],
        "type": root.get("type", AppCommandType.CHAT_INPUT),
        "options": options,
    }
    if resolved:
        data["resolved"] = resolved
    if root.get("guild_id"):
        data["guild_id"] = root["guild_id"]
    return data

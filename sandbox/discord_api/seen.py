"""A message as a person sees it: words, buttons, files, and whether only they can see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, AppCommandType, ComponentType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcord.backend.models import Message

    from sandbox.discord_api.wire import Payload
    from sandbox.discord_api.world import World

THINKING: Final = 1 << 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. `link` is set for those that open a page instead of telling the bot."""

    label: str
    custom_id: str
    disabled: bool
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A select menu: its placeholder and `(label, value)` of each option."""

    placeholder: str
    custom_id: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attachment: name, size in bytes, content."""

    name: str
    size: int
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One message.

    `private_to` is who alone can see it, or empty; `mentions` are those pinged; `used` is what
    Discord writes above an answer, like "Alice used /credits".
    """

    id: int
    channel_id: int
    author: str
    by_bot: bool
    text: str
    embeds: tuple[str, ...]
    buttons: tuple[Button, ...]
    selects: tuple[Select, ...]
    files: tuple[File, ...]
    private_to: str
    thinking: bool
    edited: bool
    mentions: tuple[str, ...]
    used: str = ""

    def button(self, label: str) -> Button:
        """Return the button of that label.

        Raises:
            LookupError: there is none.

        """
        for button in self.buttons:
            if button.label == label:
                return button
        labels = [button.label for button in self.buttons]
        raise LookupError(f"no button '{label}' on this message, only {labels}")


def see(world: World, message: Message) -> Seen:
    """Describe a message."""
    components = list(walk_components(message.components))
    return Seen(
        id=message.id,
        channel_id=message.channel_id,
        author=name_of(world, message.author_id),
        by_bot=message.author_id == world.backend.bot_user.id,
        text="\n".join(filter(None, [message.content, *_texts(components)])),
        embeds=tuple(_embed_text(embed) for embed in message.embeds),
        buttons=tuple(_buttons(components)),
        selects=tuple(_selects(components)),
        files=tuple(_file(world, attachment) for attachment in message.attachments),
        private_to=_private_to(world, message),
        thinking=bool(message.flags & THINKING),
        edited=message.edited_timestamp is not None,
        mentions=tuple(name_of(world, user_id) for user_id in message.ping_user_ids),
        used=_used(world, message),
    )


def name_of(world: World, user_id: int) -> str:
    """Return the name people know someone by."""
    user = world.backend.get_user(user_id)
    return user.global_name or user.name


def _used(world: World, message: Message) -> str:
    metadata = message.interaction_metadata or {}
    if "name" not in metadata:
        return ""
    slash = "/" if metadata.get("command_type") == AppCommandType.CHAT_INPUT else ""
    return f"{name_of(world, int(metadata['user']['id']))} used {slash}{metadata['name']}"


def _private_to(world: World, message: Message) -> str:
    metadata = message.interaction_metadata
    if not message.is_ephemeral or metadata is None:
        return ""
    return name_of(world, int(metadata["user"]["id"]))


def _texts(components: Iterable[Payload]) -> Iterable[str]:
    for component in components:
        if component.get("type") == ComponentType.TEXT_DISPLAY:
            yield str(component.get("content") or "")


def _embed_text(embed: Payload) -> str:
    fields = [f"{each['name']}: {each['value']}" for each in embed.get("fields") or []]
    footer = (embed.get("footer") or {}).get("text")
    parts = [embed.get("title"), embed.get("description"), *fields, footer]
    return "\n".join(str(part) for part in parts if part)


def _buttons(components: Iterable[Payload]) -> Iterable[Button]:
    for component in components:
        if component.get("type") == ComponentType.BUTTON:
            emoji = (component.get("emoji") or {}).get("name") or ""
            yield Button(
                label=str(component.get("label") or emoji),
                custom_id=str(component.get("custom_id") or ""),
                disabled=bool(component.get("disabled")),
                link=str(component.get("url") or ""),
            )


def _selects(components: Iterable[Payload]) -> Iterable[Select]:
    for component in components:
        if component.get("type") in SELECT_TYPES:
            options = component.get("options") or []
            yield Select(
                placeholder=str(component.get("placeholder") or ""),
                custom_id=str(component.get("custom_id") or ""),
                options=tuple((str(o["label"]), str(o["value"])) for o in options),
            )


def _file(world: World, attachment: Payload) -> File:
    return File(
        name=str(attachment["filename"]),
        size=int(attachment["size"]),
        content_type=str(attachment.get("content_type") or ""),
        data=world.backend.cdn.get(str(attachment["url"])) or b"",
    )
